package dev.outboxsync.benchmark;

/** The run yields no figures; the message says why, for a person. */
final class BenchmarkFailed extends RuntimeException {
    BenchmarkFailed(String sentence) {
        super(sentence);
    }

    BenchmarkFailed(String what, Exception cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}

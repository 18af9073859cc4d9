package dev.outboxsync.campaign.platform;

/** A call came to nothing. Its message is a reason in words: a code and perhaps a field, never a value or a secret. */
public final class PlatformFailure extends RuntimeException {
    /** What a failure means for whoever called. */
    public enum Kind {
        /** 5xx, too late, not reached: another attempt may succeed. The call may have had its effect. */
        UNAVAILABLE,
        /** 429: another attempt may succeed after the pause that all workers keep. */
        LIMITED,
        /** 401 with a new token as well, or on the demand for one: nothing succeeds before a person changes something. */
        CREDENTIALS,
        /** This call alone can never succeed as things are: another 4xx, a redirect, an answer that makes no sense. */
        REFUSED
    }

    private final Kind kind;

    PlatformFailure(Kind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    PlatformFailure(Kind kind, String reason, Throwable cause) {
        super(reason, cause);
        this.kind = kind;
    }

    static PlatformFailure badAnswer(String what) {
        return new PlatformFailure(Kind.REFUSED, "BAD_ANSWER: " + what);
    }

    public Kind kind() {
        return kind;
    }

    /** The message, which is never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** Whether the same call may succeed without anybody changing anything. */
    public boolean isPassing() {
        return kind == Kind.UNAVAILABLE || kind == Kind.LIMITED;
    }
}

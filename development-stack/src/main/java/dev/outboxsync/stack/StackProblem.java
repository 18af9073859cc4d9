package dev.outboxsync.stack;

/** Something a person must see to before the stack can run; the message is the sentence to show, with what to do. */
public final class StackProblem extends RuntimeException {
    private final String sentence;

    StackProblem(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    StackProblem(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    @Override
    public String getMessage() {
        return sentence;
    }
}

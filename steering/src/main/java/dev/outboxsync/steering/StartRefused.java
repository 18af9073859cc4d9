package dev.outboxsync.steering;

/**
 * The service does not start, because no waiting mends what is wrong. Shown as two sentences without a stack trace.
 */
public final class StartRefused extends RuntimeException {
    private final String cure;

    /**
     * @param reason what is wrong, a sentence
     * @param cure what a person has to do, a sentence
     */
    public StartRefused(String reason, String cure) {
        super(reason);
        this.cure = cure;
    }

    /** What a person has to do. */
    public String cure() {
        return cure;
    }
}

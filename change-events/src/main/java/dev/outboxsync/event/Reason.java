package dev.outboxsync.event;

/** Why a change was refused, and with it what becomes of its row at the site. */
public enum Reason {
    /** Another record has this value of a unique key. */
    DUPLICATE_KEY(Outlook.COLLISION),
    /** The record that a foreign key refers to is not there. */
    MISSING_PARENT(Outlook.MAY_CATCH_UP),
    /** Other records refer to the one to be deleted. */
    HAS_CHILDREN(Outlook.COLLISION),
    TOO_LONG(Outlook.FINAL),
    OUT_OF_RANGE(Outlook.FINAL),
    INVALID_VALUE(Outlook.FINAL),
    /** The centre does not have, or does not accept, this table. */
    UNKNOWN_TABLE(Outlook.MAY_CATCH_UP, "the centre does not take this table yet; sent again until it does"),
    UNKNOWN_COLUMN(
            Outlook.MAY_CATCH_UP,
            "the columns of the centre's table are not those of the site; sent again until they are"),
    /** The record belongs to the site that first delivered it. */
    OTHER_SITE(Outlook.FINAL),
    /** The change was stamped with an epoch that is over. */
    STALE_EPOCH(Outlook.MAY_CATCH_UP),
    /** The record is no change event as the centre reads them, though it says which change it is. */
    MALFORMED(Outlook.MAY_CATCH_UP, "the centre cannot read the record of this change; sent again until it can"),
    /** Told by the site itself: Kafka takes no record of this size. */
    TOO_LARGE(Outlook.FINAL);

    private final Outlook outlook;
    private final String advice;

    Reason(Outlook outlook) {
        this(outlook, "");
    }

    Reason(Outlook outlook, String advice) {
        this.outlook = outlook;
        this.advice = advice;
    }

    /** What has to happen elsewhere, in words; empty where the reason says it. */
    String advice() {
        return advice;
    }

    /** What becomes of a row that was refused for this reason. */
    public Outlook outlook() {
        return outlook;
    }

    /** What becomes of a refused row. */
    public enum Outlook {
        /** It is FAILED at once: sending it again cannot help before a person acts. */
        FINAL,
        /** It stays PENDING and is sent again, until it has been refused for a day. */
        MAY_CATCH_UP,
        /** It is FAILED only if no earlier row is PENDING: what it collides with may be a change that comes again. */
        COLLISION
    }
}

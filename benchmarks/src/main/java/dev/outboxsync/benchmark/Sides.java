package dev.outboxsync.benchmark;

/** DB_A with its backlog, and DB_B: made equal, compared, and put back to where a round begins. */
final class Sides implements AutoCloseable {
    private static final String USERS = checksum("users", "id, name, email, updated_at");
    private static final String ORDERS = checksum("orders", "id, user_id, amount, status, updated_at");
    private static final String SYNCED = "SELECT synced FROM sync_site WHERE id = 1";
    private static final String NOT_SYNCED = "SELECT COUNT(*) FROM sync_queue WHERE sync_status <> 'SYNCED'";
    private static final String PEND_AGAIN = """
            UPDATE sync_queue
            SET sync_status = 'PENDING', epoch = 0, retry_count = 0, last_error = NULL, refused_since = NULL
            """;

    private final Sql siteDatabase;
    private final Sql centralDatabase;

    Sides(Sql siteDatabase, Sql centralDatabase) {
        this.siteDatabase = siteDatabase;
        this.centralDatabase = centralDatabase;
    }

    private static String checksum(String table, String columns) {
        return "SELECT COUNT(*), COALESCE(BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS('|', " + columns
                + ")), 16), 16, 10) AS UNSIGNED)), 0) FROM " + table;
    }

    Sql siteDatabase() {
        return siteDatabase;
    }

    Sql centralDatabase() {
        return centralDatabase;
    }

    /** Empties DB_B and forgets in it what was applied. */
    void emptyCentre() {
        centralDatabase.run(
                "SET FOREIGN_KEY_CHECKS = 0",
                "TRUNCATE orders",
                "TRUNCATE users",
                "TRUNCATE sync_version",
                "SET FOREIGN_KEY_CHECKS = 1");
    }

    /** Has every change of the queue wait again, as if it had never been sent. The relay must be offline. */
    void pendAgain() {
        siteDatabase.run(PEND_AGAIN, "TRUNCATE sync_receipt");
    }

    /** How many changes were ever settled. */
    long synced() {
        return siteDatabase.number(SYNCED);
    }

    /** Whether counts and checksums of all columns agree. */
    void requireEqual(String after) {
        for (String checksum : new String[] {USERS, ORDERS}) {
            String a = siteDatabase.text(checksum);
            String b = centralDatabase.text(checksum);
            if (!a.equals(b)) {
                throw new BenchmarkFailed("After " + after + " DB_B differs from DB_A: " + b + " is not " + a);
            }
        }
    }

    void requireAllSynced() {
        long others = siteDatabase.number(NOT_SYNCED);
        if (others > 0) {
            throw new BenchmarkFailed(others + " changes are not SYNCED");
        }
    }

    @Override
    public void close() {
        siteDatabase.close();
        centralDatabase.close();
    }
}

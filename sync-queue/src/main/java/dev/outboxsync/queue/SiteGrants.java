package dev.outboxsync.queue;

import dev.outboxsync.mysql.Identifiers;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the services may do in the site's database, granted to roles: whoever runs the database decides which users hold
 * them. Nobody but the triggers' owner may insert into the queue, and no service may drop anything.
 */
public final class SiteGrants {
    /** Role of local-api. */
    public static final String API = "outbox_sync_api";

    /** Role of outbox-relay. */
    public static final String RELAY = "outbox_sync_relay";

    /** Role of campaign-pull. */
    public static final String CAMPAIGNS = "outbox_sync_campaigns";

    private static final List<String> OF_THE_API = List.of(
            "SELECT, UPDATE (sync_status, refused_since) ON sync_queue",
            "SELECT, UPDATE (failed) ON sync_site",
            "SELECT ON sync_resync",
            "SELECT, INSERT, UPDATE (answer), DELETE ON idempotency_keys",
            "EXECUTE ON PROCEDURE sync_triggers",
            "EXECUTE ON PROCEDURE sync_foreign_keys");
    private static final List<String> OF_THE_RELAY = List.of(
            "SELECT, UPDATE (sync_status, retry_count, epoch, last_error, refused_since) ON sync_queue",
            "SELECT, UPDATE (epoch, acknowledgement_number, acknowledgement_mark, resync_due, online, configured_online,"
                    + " synced, failed, last_synced_at) ON sync_site",
            "SELECT, INSERT ON sync_receipt",
            "SELECT ON sync_resync",
            "SELECT, UPDATE (holder, beat, expires_at) ON sync_lease");
    private static final List<String> OF_CAMPAIGN_PULL = List.of(
            "SELECT, INSERT, UPDATE ON campaigns",
            "SELECT, INSERT, UPDATE, DELETE ON campaign_run",
            "SELECT, INSERT ON campaign_problem",
            "SELECT, INSERT, UPDATE ON campaign_state",
            "SELECT, INSERT, DELETE ON campaign_call",
            "SELECT, UPDATE (holder, beat, expires_at) ON campaign_lease",
            "EXECUTE ON PROCEDURE sync_triggers");

    private SiteGrants() {}

    /**
     * Makes the roles where they are missing and grants what they need, as the admin. Safe to repeat.
     *
     * @param syncedTables those that are there
     */
    public static void grant(JdbcClient admin, List<String> syncedTables) {
        for (String role : List.of(API, RELAY, CAMPAIGNS)) {
            admin.sql("CREATE ROLE IF NOT EXISTS " + role).update();
        }
        OF_THE_API.forEach(right -> admin.sql("GRANT " + right + " TO " + API).update());
        OF_THE_RELAY.forEach(
                right -> admin.sql("GRANT " + right + " TO " + RELAY).update());
        OF_CAMPAIGN_PULL.forEach(
                right -> admin.sql("GRANT " + right + " TO " + CAMPAIGNS).update());
        for (String table : syncedTables) {
            String rights = "SELECT, INSERT, UPDATE, DELETE ON " + Identifiers.quoted(table);
            admin.sql("GRANT " + rights + " TO " + API).update();
        }
    }
}

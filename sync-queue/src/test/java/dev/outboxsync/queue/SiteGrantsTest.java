package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.stack.Database;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What each service may do, and what MySQL denies it: 0 for done, else the error's number. */
@Tag("server-dependent")
class SiteGrantsTest {
    private static CapturedSite site;
    private static JdbcClient api;
    private static JdbcClient relay;
    private static JdbcClient campaigns;

    @BeforeAll
    static void start() {
        site = CapturedSite.fresh();
        SiteGrants.grant(site.admin().jdbc(), CapturedSite.TABLES);
        SiteGrants.grant(site.admin().jdbc(), CapturedSite.TABLES);
        site.run(
                "INSERT INTO users (id, name, email) VALUES (1, 'Ann', 'ann@example.org')",
                "CREATE TABLE secrets (id INT PRIMARY KEY)");
        api = userWith(SiteGrants.API);
        relay = userWith(SiteGrants.RELAY);
        campaigns = userWith(SiteGrants.CAMPAIGNS);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | INSERT INTO users (name, email) VALUES ('Bob', 'bob@example.org')
            0    | UPDATE users SET name = 'Anna' WHERE id = 1
            0    | DELETE FROM orders WHERE id = 99
            0    | SELECT COUNT(*) FROM sync_queue
            0    | UPDATE sync_queue SET sync_status = 'PENDING', refused_since = NULL WHERE id = 99
            0    | UPDATE sync_site SET failed = failed WHERE id = 1
            0    | CALL sync_triggers()
            0    | CALL sync_foreign_keys()
            0    | SELECT COUNT(*) FROM sync_resync
            0    | INSERT INTO idempotency_keys (idempotency_key, fingerprint, created_at) VALUES ('k', 'f', NOW())
            0    | UPDATE idempotency_keys SET answer = '{}' WHERE idempotency_key = 'k'
            0    | DELETE FROM idempotency_keys WHERE created_at < NOW() - INTERVAL 1 DAY
            1143 | UPDATE idempotency_keys SET fingerprint = 'g'
            1142 | INSERT INTO sync_resync (request, table_name, delete_missing, since, requested_at) VALUES (1, 'users', TRUE, 0, NOW())
            1142 | INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload) VALUES ('users', '1', 'INSERT', NOW(), '{}')
            1142 | DELETE FROM sync_queue
            1143 | UPDATE sync_queue SET payload = '{}'
            1143 | UPDATE sync_queue SET retry_count = 0
            1143 | UPDATE sync_site SET epoch = 9
            1142 | TRUNCATE TABLE users
            1142 | DROP TRIGGER sync_insert_users
            1142 | DROP TABLE users
            1142 | ALTER TABLE users ADD COLUMN x INT
            1142 | CREATE TABLE x (id INT)
            1142 | SELECT * FROM secrets
            1142 | SELECT * FROM sync_receipt
            1142 | UPDATE sync_lease SET holder = 'x'
            """)
    void the_api_may_write_records_and_retry_and_no_more(int code, String statement) {
        assertThat(codeOf(api, statement)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | SELECT COUNT(*) FROM sync_queue
            0    | UPDATE sync_queue SET sync_status = 'SYNCED', epoch = 1, last_error = NULL, refused_since = NULL, retry_count = 0 WHERE id = 99
            0    | UPDATE sync_site SET synced = synced, failed = failed, online = online, acknowledgement_number = 0, last_synced_at = NULL WHERE id = 1
            0    | INSERT INTO sync_receipt (epoch, first_sequence, last_sequence, committed_at, acknowledgement_number, topic, from_offset, acknowledgement_offset) VALUES (1, 1, 1, NOW(), 1, 't', 0, 0)
            0    | UPDATE sync_lease SET holder = 'x', expires_at = UTC_TIMESTAMP(6) WHERE id = 1
            0    | SELECT COUNT(*) FROM sync_resync
            1370 | CALL sync_triggers()
            1142 | SELECT * FROM users
            1142 | SELECT * FROM idempotency_keys
            1142 | INSERT INTO users (name, email) VALUES ('Bob', 'bob@example.org')
            1142 | INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload) VALUES ('users', '1', 'INSERT', NOW(), '{}')
            1143 | UPDATE sync_queue SET payload = '{}'
            1142 | DELETE FROM sync_queue
            1142 | TRUNCATE TABLE sync_queue
            1142 | DELETE FROM sync_receipt
            1142 | DROP TRIGGER sync_insert_users
            """)
    void the_relay_may_settle_the_queue_and_see_no_records(int code, String statement) {
        assertThat(codeOf(relay, statement)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | UPDATE campaigns SET name = 'x' WHERE id = 'nobody'
            0    | SELECT COUNT(*) FROM campaign_state
            0    | DELETE FROM campaign_call WHERE id = 0
            0    | UPDATE campaign_lease SET holder = 'x', beat = 1, expires_at = UTC_TIMESTAMP(6) WHERE id = 1
            0    | CALL sync_triggers()
            1370 | CALL sync_foreign_keys()
            1142 | DELETE FROM campaigns
            1142 | UPDATE campaign_call SET called_at = UTC_TIMESTAMP(6)
            1142 | SELECT * FROM users
            1142 | SELECT * FROM sync_queue
            1142 | UPDATE sync_lease SET holder = 'x'
            1142 | DROP TABLE campaigns
            1142 | TRUNCATE TABLE campaign_run
            """)
    void campaign_pull_may_write_campaigns_and_its_own_tables_and_see_nothing_else(int code, String statement) {
        assertThat(codeOf(campaigns, statement)).isEqualTo(code);
    }

    @Test
    void the_api_sees_a_table_as_the_admin_captured_it() {
        site.run("CREATE TABLE IF NOT EXISTS labels (id INT PRIMARY KEY, kind ENUM('a', 'b'), at TIMESTAMP(3) NULL,"
                + " label VARCHAR(40) AS (CONCAT(kind, ' – ', id)), code BINARY(4), place POINT SRID 4326)");
        site.capture("users", "orders", "labels");
        SiteGrants.grant(site.admin().jdbc(), List.of("users", "orders", "labels"));

        CaptureReport seen = CaptureTriggers.look(api, CapturedSite.NUMBER, List.of("users", "orders", "labels"));

        assertThat(seen.outdated()).isEmpty();
        assertThat(seen.uncaptured()).isEmpty();
    }

    private static int codeOf(JdbcClient user, String statement) {
        try {
            if (statement.startsWith("SELECT") || statement.startsWith("CALL")) {
                user.sql(statement).query().listOfRows();
            } else {
                user.sql(statement).update();
            }
            return 0;
        } catch (DataAccessException denied) {
            return MySqlFailure.of(denied).code();
        }
    }

    private static JdbcClient userWith(String role) {
        Database database = site.database();
        String user = "user_" + UUID.randomUUID().toString().substring(0, 8);
        String password = UUID.randomUUID().toString();
        site.run("CREATE USER " + user + " IDENTIFIED BY '" + password + "' DEFAULT ROLE " + role);
        return JdbcClient.create(new DriverManagerDataSource(database.url(), user, password));
    }
}

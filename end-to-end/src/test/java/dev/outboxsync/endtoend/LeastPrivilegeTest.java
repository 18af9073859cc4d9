package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.mysql.MySqlFailure;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the users of a running stack may do, and what MySQL denies them; 0 is allowed, else MySQL's error number. */
@Tag("server-dependent")
class LeastPrivilegeTest {
    private static final Map<String, String> ENV = TheStack.running().environment();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DB_A        | 0    | UPDATE users SET name = 'x' WHERE id = -1
            DB_A        | 0    | DELETE FROM orders WHERE id = -1
            DB_A        | 1142 | INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload) VALUES ('users', '1', 'INSERT', NOW(), '{}')
            DB_A        | 1143 | UPDATE sync_queue SET payload = '{}'
            DB_A        | 1142 | TRUNCATE users
            DB_A        | 1142 | DROP TRIGGER sync_insert_users
            DB_A        | 1044 | CREATE DATABASE other
            RELAY_DB_A  | 0    | UPDATE sync_queue SET sync_status = 'PENDING' WHERE id = -1
            RELAY_DB_A  | 1142 | SELECT * FROM users
            RELAY_DB_A  | 1142 | DELETE FROM sync_queue WHERE id = -1
            RELAY_DB_A  | 1143 | UPDATE sync_queue SET payload = '{}'
            DB_A_ADMIN  | 0    | DELETE FROM sync_resync WHERE id = -1
            DB_A_ADMIN  | 1227 | SET GLOBAL max_connections = 10
            DB_A_ADMIN  | 1044 | CREATE DATABASE other
            DB_B        | 0    | UPDATE users SET name = 'x' WHERE id = -1
            DB_B        | 0    | UPDATE sync_version SET deleted = FALSE WHERE table_name = 'nowhere'
            DB_B        | 1142 | DELETE FROM sync_version
            DB_B        | 1142 | UPDATE sync_quarantine SET reason = 'x'
            DB_B        | 0    | DELETE FROM sync_quarantine WHERE id = -1
            DB_B        | 1142 | TRUNCATE sync_quarantine
            DB_B        | 1142 | ALTER TABLE users ADD COLUMN x INT
            DB_B        | 1142 | CREATE TABLE x (id INT)
            DB_B        | 1227 | SET GLOBAL max_connections = 10
            """)
    void each_user_may_do_its_work_and_no_more(String user, int code, String statement) {
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(
                ENV.get(user.endsWith("DB_B") ? "DB_B_URL" : "DB_A_URL"),
                ENV.get(user + "_USER"),
                ENV.get(user + "_PASSWORD")));

        assertThat(codeOf(sql, statement)).isEqualTo(code);
    }

    private static int codeOf(JdbcClient sql, String statement) {
        try {
            if (statement.startsWith("SELECT")) {
                sql.sql(statement).query().listOfRows();
            } else {
                sql.sql(statement).update();
            }
            return 0;
        } catch (DataAccessException denied) {
            return MySqlFailure.of(denied).code();
        }
    }
}

package dev.outboxsync.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerBodyTest {
    private static final Set<String> SYNCED = Set.of("users", "orders");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET NEW.name = UPPER(NEW.name)",
                "BEGIN SET @x = 1, NEW.`name` = 'a'; END",
                "UPDATE users SET name = 'x' WHERE id = NEW.user_id",
                "BEGIN IF NEW.id > 5 THEN DELETE FROM `orders` WHERE user_id = OLD.id; END IF; END",
                "INSERT INTO orders (user_id) VALUES (NEW.id)",
                "INSERT IGNORE INTO central_db.users SELECT * FROM others",
                "REPLACE `users` VALUES (1)",
                "UPDATE totals t JOIN orders o ON o.id = t.id SET o.amount = 0",
                "CALL somebody()"
            })
    void what_changes_rows_under_sync_is_seen(String body) {
        assertThat(TriggerBody.changesSyncedRows(body, SYNCED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO journal (table_name, record_id) VALUES ('users', NEW.id)",
                "INSERT INTO users_journal (old_name) VALUES (OLD.name)",
                "BEGIN SET @last = NEW.id; INSERT INTO journal VALUES ('update users set x', JSON_OBJECT('id', NEW.id)); END",
                "UPDATE counters SET users = users_seen + 1",
                "IF NEW.amount < 0 THEN SIGNAL SQLSTATE '45000'; END IF"
            })
    void a_journal_and_a_check_do_no_harm(String body) {
        assertThat(TriggerBody.changesSyncedRows(body, Set.of("orders", "users_table")))
                .isFalse();
    }
}

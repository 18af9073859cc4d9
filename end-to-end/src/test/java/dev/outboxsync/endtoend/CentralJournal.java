package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes down every state that a row at the centre takes on, in the order it does. */
final class CentralJournal implements AutoCloseable {
    private static final Map<String, String> MARKS = Map.of("users", "name", "orders", "status");

    private final JdbcClient local;
    private final JdbcClient central;

    CentralJournal(JdbcClient local, JdbcClient central) {
        this.local = local;
        this.central = central;
        forget();
        central.sql(
                        "CREATE TABLE journal (n BIGINT AUTO_INCREMENT PRIMARY KEY, record VARCHAR(100), mark VARCHAR(200))")
                .update();
        MARKS.forEach((table, column) -> List.of("INSERT", "UPDATE")
                .forEach(event -> central.sql(
                                "CREATE TRIGGER journal_%1$s_%2$s AFTER %2$s ON %1$s FOR EACH ROW INSERT INTO journal (record, mark) VALUES (CONCAT('%1$s/', NEW.id), NEW.%3$s)"
                                        .formatted(table, event, column))
                        .update()));
    }

    /** Demands that no record ever went back to an older state, nor took on any state twice. */
    void demandAscending() {
        Map<String, Long> sequences = new HashMap<>();
        MARKS.forEach((table, column) -> local.sql(
                        "SELECT id, CONCAT(table_name, '/', record_id, '#', payload->>'$.%s') FROM sync_queue WHERE table_name = ? AND operation <> 'DELETE'"
                                .formatted(column))
                .param(table)
                .query((row, number) -> sequences.put(row.getString(2), row.getLong(1)))
                .list());
        Map<String, Long> last = new HashMap<>();
        List<String[]> states = central.sql("SELECT record, mark FROM journal ORDER BY n")
                .query((row, number) -> new String[] {row.getString(1), row.getString(2)})
                .list();
        assertThat(states).isNotEmpty();
        for (String[] state : states) {
            Long sequence = sequences.get(state[0] + "#" + state[1]);
            assertThat(sequence)
                    .as("the change that gave %s its state", state[0])
                    .isNotNull();
            Long before = last.put(state[0], sequence);
            assertThat(before == null || before < sequence)
                    .as("%s went from change %s to %s", state[0], before, sequence)
                    .isTrue();
        }
    }

    @Override
    public void close() {
        forget();
    }

    private void forget() {
        MARKS.keySet()
                .forEach(table -> List.of("INSERT", "UPDATE")
                        .forEach(event -> central.sql("DROP TRIGGER IF EXISTS journal_%s_%s".formatted(table, event))
                                .update()));
        central.sql("DROP TABLE IF EXISTS journal").update();
    }
}

package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.queue.CaptureTrigger.Slot;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL that writes a row of a table into the queue, generated from the table's columns. */
final class Capture {
    private static final String RECORD_ID_COLLATION = "utf8mb4_0900_bin";

    private final TableShape table;

    Capture(TableShape table) {
        this.table = table;
    }

    /**
     * The three triggers of the table.
     *
     * @param cascades what changes of the table's rows do to others
     */
    List<CaptureTrigger> triggers(Cascades cascades) {
        return List.of(
                trigger(Slot.INSERT, insert("NEW", Operation.INSERT)),
                trigger(Slot.UPDATE, update(cascades)),
                trigger(Slot.DELETE, insert("OLD", Operation.DELETE)));
    }

    private CaptureTrigger trigger(Slot slot, String statements) {
        String entry = "    SET " + CaptureTrigger.ENTRY_VARIABLE + " = LAST_INSERT_ID();\n";
        return new CaptureTrigger(table.name(), slot, statements + entry, image("") + definitions());
    }

    private String definitions() {
        return table.columns().stream().map(Column::definition).collect(Collectors.joining("; "));
    }

    /** A changed key is another record: the centre must lose the old one and get the new one. */
    private String update(Cascades cascades) {
        return "IF " + compared("OLD") + " = " + compared("NEW") + " THEN\n"
                + insert("NEW", Operation.UPDATE)
                + cascades.afterUpdate()
                + "ELSE\n"
                + changedKey(cascades)
                + "END IF;\n";
    }

    /**
     * Where rows follow the key, the new record comes first and the old one goes last, as they refer to one of them; not
     * where the keys are equal by their collation, for then both cannot stand side by side.
     */
    private String changedKey(Cascades cascades) {
        String delete = insert("OLD", Operation.DELETE);
        String insert = insert("NEW", Operation.INSERT);
        String alone = cascades.demandNoFollowers() + delete + insert + cascades.afterUpdate();
        if (!cascades.followTheKey()) {
            return alone;
        }
        String equal = table.key().stream()
                .map(Column::quoted)
                .map(column -> "OLD." + column + " = NEW." + column)
                .collect(Collectors.joining(" AND "));
        return "IF " + equal + " THEN\n" + alone + "ELSE\n" + insert + cascades.afterUpdate() + delete + "END IF;\n";
    }

    private String insert(String row, Operation operation) {
        return """
                INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload, traceparent)
                VALUES (%s, %s, '%s', UTC_TIMESTAMP(6), %s, LEFT(CONVERT(%s USING latin1), 55));
            """.formatted(
                        literal(table.name()), recordId(row), operation, image(row), CaptureTrigger.TRACE_VARIABLE);
    }

    private String image(String row) {
        return table.columns().stream()
                .map(column -> literal(column.name()) + ", " + value(column, row))
                .collect(Collectors.joining(", ", "JSON_OBJECT(", ")"));
    }

    private String compared(String row) {
        return "CONVERT(" + recordId(row) + " USING utf8mb4) COLLATE " + RECORD_ID_COLLATION;
    }

    private String recordId(String row) {
        List<String> texts = table.key().stream()
                .map(column -> column.form().named(row + "." + column.quoted()))
                .toList();
        return texts.size() == 1 ? texts.get(0) : "CAST(JSON_ARRAY(" + String.join(", ", texts) + ") AS CHAR)";
    }

    private static String value(Column column, String row) {
        return column.form().captured(row + "." + column.quoted());
    }

    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}

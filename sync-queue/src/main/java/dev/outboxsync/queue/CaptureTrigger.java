package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.ColumnForm;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.TableShape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * One trigger that captures one kind of change of one table, generated from the table's columns.
 *
 * @param table name of the captured table
 * @param operation the kind of change
 * @param body what the trigger does, as information_schema shows it again
 */
public record CaptureTrigger(String table, Operation operation, String body) {
    /** The API sets it to NULL before a write and finds here the queue entry that the write made. */
    public static final String ENTRY_VARIABLE = "@outbox_sync_entry";

    /** A writer that traces sets its W3C {@code traceparent} here. */
    public static final String TRACE_VARIABLE = "@outbox_sync_traceparent";

    private static final int LONGEST_NAME = 64;
    private static final String RECORD_ID_COLLATION = "utf8mb4_0900_bin";

    /** The three triggers of a table. */
    public static List<CaptureTrigger> of(TableShape table) {
        return Arrays.stream(Operation.values())
                .map(operation -> new CaptureTrigger(table.name(), operation, body(table, operation)))
                .toList();
    }

    /** At most 64 characters, for any table. */
    public String name() {
        String name = "sync_" + operation.name().toLowerCase(Locale.ROOT) + "_" + table;
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        var checksum = new CRC32();
        checksum.update(table.getBytes(StandardCharsets.UTF_8));
        return name.substring(0, LONGEST_NAME - 9) + String.format("_%08x", checksum.getValue());
    }

    /** The statement that makes it. */
    String create() {
        return "CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW %s"
                .formatted(Identifiers.quoted(name()), operation, Identifiers.quoted(table), body);
    }

    /** The statement that drops it where it is there. */
    String drop() {
        return "DROP TRIGGER IF EXISTS " + Identifiers.quoted(name());
    }

    private static String body(TableShape table, Operation operation) {
        String statements = switch (operation) {
            case INSERT -> capture(table, "NEW", Operation.INSERT);
            case DELETE -> capture(table, "OLD", Operation.DELETE);
            case UPDATE -> captureUpdate(table);
        };
        return "BEGIN\n" + statements + "    SET " + ENTRY_VARIABLE + " = LAST_INSERT_ID();\nEND";
    }

    /** A changed key is another record: the centre must lose the old one and get the new one. */
    private static String captureUpdate(TableShape table) {
        return "IF " + recordId(table, "OLD") + " COLLATE " + RECORD_ID_COLLATION + " = "
                + recordId(table, "NEW") + " COLLATE " + RECORD_ID_COLLATION + " THEN\n"
                + capture(table, "NEW", Operation.UPDATE)
                + "ELSE\n"
                + capture(table, "OLD", Operation.DELETE)
                + capture(table, "NEW", Operation.INSERT)
                + "END IF;\n";
    }

    private static String capture(TableShape table, String row, Operation operation) {
        return """
                INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload, traceparent)
                VALUES (%s, %s, '%s', UTC_TIMESTAMP(6), %s, LEFT(%s, 55));
            """.formatted(literal(table.name()), recordId(table, row), operation, image(table, row), TRACE_VARIABLE);
    }

    private static String image(TableShape table, String row) {
        return table.columns().stream()
                .map(column -> literal(column.name()) + ", " + value(column, row))
                .collect(Collectors.joining(", ", "JSON_OBJECT(", ")"));
    }

    private static String recordId(TableShape table, String row) {
        List<String> texts = table.key().stream()
                .map(column -> column.form() == ColumnForm.NUMBER
                        ? "CAST(" + row + "." + column.quoted() + " AS CHAR)"
                        : value(column, row))
                .toList();
        return texts.size() == 1 ? texts.get(0) : "CAST(JSON_ARRAY(" + String.join(", ", texts) + ") AS CHAR)";
    }

    private static String value(Column column, String row) {
        return column.form().captured(row + "." + column.quoted());
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}

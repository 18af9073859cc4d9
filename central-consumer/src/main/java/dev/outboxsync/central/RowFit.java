package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Whether an event's row fits its table, and whether the event names the record that its row is. */
final class RowFit {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_NAME = 64;

    private RowFit() {}

    /** Why the row does not fit; empty when it does. */
    static Optional<RowRefusal> refusal(TableShape table, ChangeEvent event) {
        Map<String, @Nullable String> row = event.row().columns();
        // a DELETE needs no more than the key
        if (event.operation() != Operation.DELETE && !hasAll(table, row)) {
            return refusal(Reason.UNKNOWN_COLUMN, table, firstUnknown(table, row));
        }
        for (Column column : table.key()) {
            if (!row.containsKey(column.name())) {
                return refusal(Reason.UNKNOWN_COLUMN, table, column.name());
            }
        }
        if (!namesItsRow(table, event)) {
            return refusal(Reason.INVALID_VALUE, table, table.key().get(0).name());
        }
        return event.operation() == Operation.DELETE
                ? Optional.empty()
                : changed(table, row).flatMap(column -> refusal(Reason.INVALID_VALUE, table, column));
    }

    private static boolean hasAll(TableShape table, Map<String, @Nullable String> row) {
        int known = 0;
        for (Column column : table.columns()) {
            if (row.containsKey(column.name())) {
                known++;
            }
        }
        return known == row.size();
    }

    private static String firstUnknown(TableShape table, Map<String, @Nullable String> row) {
        Set<String> unknown = new LinkedHashSet<>(row.keySet());
        table.columns().forEach(column -> unknown.remove(column.name()));
        return unknown.iterator().next();
    }

    /** The first column that would give back another value than the row's. */
    private static Optional<String> changed(TableShape table, Map<String, @Nullable String> row) {
        for (Column column : table.columns()) {
            String value = row.get(column.name());
            if (value != null && !column.generated() && !column.type().keeps(value)) {
                return Optional.of(column.name());
            }
        }
        return Optional.empty();
    }

    /**
     * Versions and owners are kept by record id, rows are written by key: were they not the same record, a site could
     * write another site's rows under a name of its own.
     */
    private static boolean namesItsRow(TableShape table, ChangeEvent event) {
        Map<String, @Nullable String> row = event.row().columns();
        List<@Nullable String> named = keyTexts(table, event.recordId());
        if (named.size() != table.key().size()) {
            return false;
        }
        if (named.size() > 1 && !event.recordId().equals(array(named))) {
            return false;
        }
        for (int i = 0; i < named.size(); i++) {
            if (!Objects.equals(named.get(i), row.get(table.key().get(i).name()))) {
                return false;
            }
        }
        return true;
    }

    /** A JSON array of texts as MySQL prints it: any other spelling would be another record for the same row. */
    private static String array(List<@Nullable String> texts) {
        return texts.stream().map(RowFit::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(@Nullable String text) {
        var quoted = new StringBuilder("\"");
        Objects.requireNonNull(text).chars().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (character < ' ') {
                        quoted.append(String.format("\\u%04x", character));
                    } else {
                        quoted.append((char) character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** The texts of the key columns that a record id names; of another number than the columns when it names no such key. */
    static List<@Nullable String> keyTexts(TableShape table, String recordId) {
        return table.key().size() == 1 ? List.of(recordId) : texts(recordId);
    }

    /** The texts of a JSON array, of a composite key for instance; empty when it is none. */
    static List<String> texts(String array) {
        var texts = new ArrayList<String>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), array)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.add(parser.getString());
                }
            }
            return parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null ? texts : List.of();
        } catch (JacksonException e) {
            return List.of();
        }
    }

    /** A column's name may be anything that a site sends: cut, for an acknowledgement must stay small. */
    private static Optional<RowRefusal> refusal(Reason reason, TableShape table, String column) {
        String name = column.codePointCount(0, column.length()) <= LONGEST_NAME
                ? column
                : column.substring(0, column.offsetByCodePoints(0, LONGEST_NAME));
        return Optional.of(new RowRefusal(reason, table.name() + "." + name));
    }
}

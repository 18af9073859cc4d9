package dev.outboxsync.event;

import static dev.outboxsync.event.EventJson.moment;
import static dev.outboxsync.event.EventJson.number;
import static dev.outboxsync.event.EventJson.present;
import static dev.outboxsync.event.EventJson.require;
import static dev.outboxsync.event.EventJson.text;

import dev.outboxsync.event.EventJson.FieldReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads what a topic of changes holds, one line of JSON a record, version 1: with {@code hello} a HELLO, else a change. */
public final class LaneRecordJson {
    private static final int LONGEST_TABLE = 64;
    private static final int LONGEST_RECORD_ID = 255;
    private static final int LONGEST_TOKEN = 64;

    private LaneRecordJson() {}

    /**
     * Reads the value of a Kafka record.
     *
     * @throws MalformedRecordException if the value is neither; says which field is to blame
     */
    public static LaneRecord read(byte @Nullable [] value) throws MalformedRecordException {
        String object = EventJson.utf8(value);
        var fields = new Fields(object);
        EventJson.readObject(object, fields);
        return fields.laneRecord();
    }

    /** The fields read so far. */
    private static final class Fields implements FieldReader {
        private final String object;
        private @Nullable Site site;
        private @Nullable Integer epoch;
        private @Nullable Long sequence;
        private @Nullable String table;
        private @Nullable Operation operation;
        private @Nullable String recordId;
        private @Nullable Instant capturedAt;
        private @Nullable RowImage row;
        private @Nullable String hello;
        private @Nullable Long seen;
        private String mark = "";

        Fields(String object) {
            this.object = object;
        }

        @Override
        public void read(String field, JsonParser value) throws MalformedRecordException {
            switch (field) {
                case "site" -> site = EventJson.site(field, value);
                case "epoch" -> epoch = EventJson.epoch(field, value);
                case "sequence" -> sequence = number(field, value, 1);
                case "table" -> table = bounded(field, value, LONGEST_TABLE);
                case "operation" -> operation = operation(field, value);
                case "record_id" -> recordId = bounded(field, value, LONGEST_RECORD_ID);
                case "captured_at" -> capturedAt = moment(field, value);
                case "row" -> row = row(field, value);
                case "hello" -> hello = bounded(field, value, LONGEST_TOKEN);
                case "seen" -> seen = number(field, value, 0);
                case "mark" -> mark = EventJson.mark(field, value);
                default -> {
                    // a later minor version may add fields
                }
            }
        }

        LaneRecord laneRecord() throws MalformedRecordException {
            return hello == null ? event() : hello(hello);
        }

        private Hello hello(String token) throws MalformedRecordException {
            return new Hello(
                    present(site, "site"),
                    present(epoch, "epoch"),
                    token,
                    new AcknowledgementId(present(seen, "seen"), mark));
        }

        private ChangeEvent event() throws MalformedRecordException {
            return new ChangeEvent(
                    present(site, "site"),
                    new Version(present(epoch, "epoch"), present(sequence, "sequence")),
                    present(table, "table"),
                    present(operation, "operation"),
                    present(recordId, "record_id"),
                    present(capturedAt, "captured_at"),
                    present(row, "row"));
        }

        private static String bounded(String field, JsonParser value, int longest) throws MalformedRecordException {
            String text = text(field, value);
            require(!text.isEmpty() && text.codePointCount(0, text.length()) <= longest, field);
            return text;
        }

        private static Operation operation(String field, JsonParser value) throws MalformedRecordException {
            String name = text(field, value);
            for (Operation operation : Operation.values()) {
                if (operation.name().equals(name)) {
                    return operation;
                }
            }
            throw new MalformedRecordException(MalformedRecordException.Problem.WRONG_FIELD, field, null);
        }

        private RowImage row(String field, JsonParser value) throws MalformedRecordException {
            require(value.currentToken() == JsonToken.START_OBJECT, field);
            return RowImage.read(value, object);
        }
    }
}

package dev.outboxsync.event;

import static dev.outboxsync.event.EventJson.moment;
import static dev.outboxsync.event.EventJson.number;
import static dev.outboxsync.event.EventJson.present;
import static dev.outboxsync.event.EventJson.require;
import static dev.outboxsync.event.EventJson.text;
import static dev.outboxsync.event.EventJson.truth;

import dev.outboxsync.event.EventJson.FieldReader;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Acknowledgements as one line of JSON, version 1. */
public final class AcknowledgementJson {
    /** The centre writes none over 1 MB; one that was compressed could hold refusals that fill the memory. */
    private static final int LARGEST = 4 * 1024 * 1024;

    private AcknowledgementJson() {}

    /** The value of the acknowledgement's Kafka record. */
    public static byte[] write(Acknowledgement acknowledgement) {
        return EventJson.writeObject(json -> {
            json.writeStringProperty("site", acknowledgement.site().name());
            json.writeNumberProperty("epoch", acknowledgement.epoch());
            json.writeNumberProperty("number", acknowledgement.id().number());
            json.writeStringProperty("mark", acknowledgement.id().mark());
            json.writeStringProperty("previous", acknowledgement.previous());
            json.writeArrayPropertyStart("applied");
            acknowledgement.applied().forEach(range -> json.writeArray(new long[] {range.first(), range.last()}, 0, 2));
            json.writeEndArray();
            json.writeArrayPropertyStart("refused");
            acknowledgement.refused().forEach(refusal -> write(refusal, json));
            json.writeEndArray();
            json.writeNumberProperty("from_offset", acknowledgement.fromOffset());
            json.writeStringProperty("committed_at", UtcTime.text(acknowledgement.committedAt()));
            if (acknowledgement.answer() != null) {
                write(acknowledgement.answer(), json);
            }
        });
    }

    private static void write(HelloAnswer answer, JsonGenerator json) {
        json.writeStringProperty("hello", answer.token());
        json.writeNumberProperty("seen", answer.told());
        json.writeBooleanProperty("remembers", answer.remembers());
        json.writeName("last");
        LastReceived last = answer.last();
        if (last == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberProperty("sequence", last.sequence());
        json.writeStringProperty("captured_at", UtcTime.text(last.capturedAt()));
        json.writeEndObject();
    }

    private static void write(Refusal refusal, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("sequence", refusal.sequence());
        json.writeStringProperty("reason", refusal.reason().name());
        if (refusal.detail() != null) {
            json.writeStringProperty("detail", refusal.detail());
        }
        json.writeEndObject();
    }

    /**
     * Reads the value of an acknowledgement's Kafka record.
     *
     * @throws MalformedRecordException if the value is no acknowledgement; says which field is to blame
     */
    public static Acknowledgement read(byte @Nullable [] value) throws MalformedRecordException {
        if (value != null && value.length > LARGEST) {
            throw new MalformedRecordException(MalformedRecordException.Problem.TOO_LARGE, null, null);
        }
        var fields = new Fields();
        EventJson.readObject(EventJson.utf8(value), fields);
        return fields.acknowledgement();
    }

    /** The fields of the answer to a HELLO; without {@code hello} there is none. */
    private static final class AnswerFields implements FieldReader {
        private @Nullable String token;
        private @Nullable Long told;
        private @Nullable LastReceived last;
        private boolean remembers = true;

        @Override
        public void read(String field, JsonParser value) throws MalformedRecordException {
            switch (field) {
                case "hello" -> token = text(field, value);
                case "seen" -> told = number(field, value, 0);
                case "remembers" -> remembers = truth(field, value);
                case "last" -> last = value.currentToken() == JsonToken.VALUE_NULL ? null : last(value);
                default -> {
                    // a later minor version may add fields
                }
            }
        }

        @Nullable
        HelloAnswer answer() throws MalformedRecordException {
            return token == null ? null : new HelloAnswer(token, present(told, "seen"), remembers, last);
        }

        private static LastReceived last(JsonParser value) throws MalformedRecordException {
            require(value.currentToken() == JsonToken.START_OBJECT, "last");
            Long sequence = null;
            Instant capturedAt = null;
            while (value.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = value.currentName();
                value.nextToken();
                switch (field) {
                    case "sequence" -> sequence = number("last", value, 1);
                    case "captured_at" -> capturedAt = moment("last", value);
                    default -> value.skipChildren();
                }
            }
            return new LastReceived(present(sequence, "last"), present(capturedAt, "last"));
        }
    }

    /** The fields read so far. */
    private static final class Fields implements FieldReader {
        private @Nullable Site site;
        private @Nullable Integer epoch;
        private @Nullable Long number;
        private @Nullable List<SequenceRange> applied;
        private @Nullable List<Refusal> refused;
        private @Nullable Long fromOffset;
        private @Nullable Instant committedAt;
        private String mark = "";
        private String previous = "";
        private final AnswerFields answer = new AnswerFields();

        @Override
        public void read(String field, JsonParser value) throws MalformedRecordException {
            switch (field) {
                case "site" -> site = EventJson.site(field, value);
                case "epoch" -> epoch = EventJson.epoch(field, value);
                case "number" -> number = number(field, value, 1);
                case "applied" -> applied = ascending(list(field, value, JsonToken.START_ARRAY, Fields::range));
                case "refused" -> refused = list(field, value, JsonToken.START_OBJECT, Fields::refusal);
                case "from_offset" -> fromOffset = number(field, value, 0);
                case "committed_at" -> committedAt = moment(field, value);
                case "mark" -> mark = EventJson.mark(field, value);
                case "previous" -> previous = EventJson.mark(field, value);
                default -> answer.read(field, value);
            }
        }

        Acknowledgement acknowledgement() throws MalformedRecordException {
            return new Acknowledgement(
                    present(site, "site"),
                    present(epoch, "epoch"),
                    new AcknowledgementId(present(number, "number"), mark),
                    previous,
                    present(applied, "applied"),
                    present(refused, "refused"),
                    present(fromOffset, "from_offset"),
                    present(committedAt, "committed_at"),
                    answer.answer());
        }

        private static <T> List<T> list(String field, JsonParser value, JsonToken start, Element<T> element)
                throws MalformedRecordException {
            require(value.currentToken() == JsonToken.START_ARRAY, field);
            var elements = new ArrayList<T>();
            while (value.nextToken() != JsonToken.END_ARRAY) {
                require(value.currentToken() == start, field);
                elements.add(element.read(value));
            }
            return elements;
        }

        /** Ranges that overlap would say the same twice, and a reader could be kept busy with them for hours. */
        private static List<SequenceRange> ascending(List<SequenceRange> ranges) throws MalformedRecordException {
            long last = 0;
            for (SequenceRange range : ranges) {
                require(range.first() > last, "applied");
                last = range.last();
            }
            return ranges;
        }

        private static SequenceRange range(JsonParser value) throws MalformedRecordException {
            value.nextToken();
            long first = number("applied", value, 1);
            value.nextToken();
            long last = number("applied", value, first);
            require(value.nextToken() == JsonToken.END_ARRAY, "applied");
            return new SequenceRange(first, last);
        }

        private static Refusal refusal(JsonParser value) throws MalformedRecordException {
            Long sequence = null;
            Reason reason = null;
            String detail = null;
            while (value.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = value.currentName();
                value.nextToken();
                switch (field) {
                    case "sequence" -> sequence = number("refused", value, 1);
                    case "reason" -> reason = reason(value);
                    case "detail" -> detail = text("refused", value);
                    default -> value.skipChildren();
                }
            }
            return new Refusal(present(sequence, "refused"), present(reason, "refused"), detail);
        }

        private static Reason reason(JsonParser value) throws MalformedRecordException {
            String name = text("refused", value);
            for (Reason reason : Reason.values()) {
                if (reason.name().equals(name)) {
                    return reason;
                }
            }
            throw new MalformedRecordException(MalformedRecordException.Problem.WRONG_FIELD, "refused", null);
        }

        /** Reads one element of an array; the parser stands on its first token. */
        private interface Element<T> {
            T read(JsonParser value) throws MalformedRecordException;
        }
    }
}

package dev.outboxsync.event;

import dev.outboxsync.event.MalformedRecordException.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** What both formats share: one object a record, strict UTF-8, no duplicate names, unknown fields ignored. */
final class EventJson {
    static final int FORMAT_VERSION = 1;
    private static final int LONGEST_MARK = 16;
    private static final char REPLACEMENT = '\uFFFD';
    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // few threads, each of which reads thousands: a pool that they share is contended for
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private EventJson() {}

    /** Reads one object, field by field, and the version among them. */
    static void readObject(String object, FieldReader fields) throws MalformedRecordException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), object)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed(null);
            }
            boolean versioned = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken token = parser.nextToken();
                if (field.equals("v")) {
                    // At once: of another version's fields nothing can be said.
                    demandVersion(token, parser);
                    versioned = true;
                } else {
                    fields.read(field, parser);
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw malformed(null);
            }
            if (!versioned) {
                throw new MalformedRecordException(Problem.UNSUPPORTED_VERSION, "v", null);
            }
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static void demandVersion(JsonToken token, JsonParser parser) throws MalformedRecordException {
        if (token != JsonToken.VALUE_NUMBER_INT || !parser.getString().equals(String.valueOf(FORMAT_VERSION))) {
            throw new MalformedRecordException(Problem.UNSUPPORTED_VERSION, "v", null);
        }
    }

    static byte[] writeObject(FieldWriter fields) {
        var bytes = new ByteArrayOutputStream(384);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("v", FORMAT_VERSION);
            fields.write(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** As long as DB_A and DB_B can keep it. */
    static String mark(String field, JsonParser parser) throws MalformedRecordException {
        String mark = text(field, parser);
        require(mark.length() <= LONGEST_MARK, field);
        return mark;
    }

    static String text(String field, JsonParser parser) throws MalformedRecordException {
        require(parser.currentToken() == JsonToken.VALUE_STRING, field);
        return whole(parser.getString(), field);
    }

    /** Half of a surrogate pair, which an escape can smuggle in, would become a {@code ?} in MySQL: another text. */
    static String whole(String text, String field) throws MalformedRecordException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                require(
                        Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' '),
                        field);
                i++;
            }
        }
        return text;
    }

    /** A whole number from {@code least} up. */
    static long number(String field, JsonParser parser, long least) throws MalformedRecordException {
        require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, field);
        try {
            long number = parser.getLongValue();
            require(number >= least, field);
            return number;
        } catch (JacksonException e) {
            throw new MalformedRecordException(Problem.WRONG_FIELD, field, e);
        }
    }

    static boolean truth(String field, JsonParser parser) throws MalformedRecordException {
        JsonToken token = parser.currentToken();
        require(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, field);
        return token == JsonToken.VALUE_TRUE;
    }

    /** A site's epoch. */
    static int epoch(String field, JsonParser parser) throws MalformedRecordException {
        long epoch = number(field, parser, 1);
        require(epoch <= Integer.MAX_VALUE, field);
        return (int) epoch;
    }

    static Site site(String field, JsonParser parser) throws MalformedRecordException {
        try {
            return new Site(text(field, parser));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(Problem.WRONG_FIELD, field, e);
        }
    }

    static Instant moment(String field, JsonParser parser) throws MalformedRecordException {
        try {
            return UtcTime.moment(text(field, parser));
        } catch (DateTimeException e) {
            throw new MalformedRecordException(Problem.WRONG_FIELD, field, e);
        }
    }

    static <T> T present(@Nullable T value, String field) throws MalformedRecordException {
        if (value == null) {
            throw new MalformedRecordException(Problem.WRONG_FIELD, field, null);
        }
        return value;
    }

    static void require(boolean condition, String field) throws MalformedRecordException {
        if (!condition) {
            throw new MalformedRecordException(Problem.WRONG_FIELD, field, null);
        }
    }

    /** Jackson would take other encodings and overlong forms for text; we take UTF-8 alone. */
    static String utf8(byte @Nullable [] value) throws MalformedRecordException {
        if (value == null) {
            throw malformed(null);
        }
        String text = new String(value, StandardCharsets.UTF_8);
        // what is no UTF-8 was replaced by this character, which may have been there, too
        if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), value)) {
            throw malformed(null);
        }
        return text;
    }

    private static MalformedRecordException malformed(@Nullable Exception cause) {
        return new MalformedRecordException(Problem.MALFORMED, null, cause);
    }

    /** Takes one field; the parser stands on its value. */
    interface FieldReader {
        void read(String field, JsonParser value) throws MalformedRecordException;
    }

    /** Writes the fields of one object. */
    interface FieldWriter {
        void write(JsonGenerator json);
    }
}

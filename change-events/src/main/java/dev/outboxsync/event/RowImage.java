package dev.outboxsync.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * The whole row of a record as its trigger wrote it: one flat JSON object. It travels as it is, never through a Java
 * number, so that every value stays exact.
 */
public final class RowImage {
    private final String json;
    private final Map<String, @Nullable String> columns;

    private RowImage(String json, Map<String, @Nullable String> columns) {
        this.json = json;
        this.columns = columns;
    }

    /**
     * Takes the object as it was written.
     *
     * @throws MalformedRecordException if the text is not one object of texts, numbers and nulls
     */
    public static RowImage ofJson(String json) throws MalformedRecordException {
        try (JsonParser parser = EventJson.FACTORY.createParser(ObjectReadContext.empty(), json)) {
            EventJson.require(parser.nextToken() == JsonToken.START_OBJECT, "row");
            Map<String, @Nullable String> columns = columns(parser, json);
            EventJson.require(parser.nextToken() == null, "row");
            return new RowImage(json, columns);
        } catch (JacksonException e) {
            throw new MalformedRecordException(MalformedRecordException.Problem.WRONG_FIELD, "row", e);
        }
    }

    /**
     * Takes the object that the parser has just entered, and leaves the parser at its end.
     *
     * @param text what the parser reads
     */
    static RowImage read(JsonParser parser, String text) throws MalformedRecordException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        Map<String, @Nullable String> columns = columns(parser, text);
        return new RowImage(text.substring(start, (int) parser.currentLocation().getCharOffset()), columns);
    }

    private static Map<String, @Nullable String> columns(JsonParser parser, String text)
            throws MalformedRecordException {
        Map<String, @Nullable String> columns = new LinkedHashMap<>();
        boolean escaped = text.contains("\\u");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String column = parser.currentName();
            String value = scalar(parser, parser.nextToken());
            if (escaped) {
                EventJson.whole(column, "row");
                EventJson.whole(value == null ? "" : value, "row");
            }
            columns.put(column, value);
        }
        return Collections.unmodifiableMap(columns);
    }

    private static @Nullable String scalar(JsonParser parser, JsonToken token) throws MalformedRecordException {
        EventJson.require(token == JsonToken.VALUE_NULL || token == JsonToken.VALUE_STRING || token.isNumeric(), "row");
        return token == JsonToken.VALUE_NULL ? null : parser.getString();
    }

    /** The object as it was written. */
    public String json() {
        return json;
    }

    /** Each column's value as text, numbers digit by digit as written; null stands for NULL. In the object's order. */
    public Map<String, @Nullable String> columns() {
        return columns;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowImage image && columns.equals(image.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    /** Names the columns only: values are people's data and belong in no log. */
    @Override
    public String toString() {
        return "RowImage" + columns.keySet();
    }
}

package dev.outboxsync.event;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Which change a record that is no change event says to be. Nobody vouches for it: it may be told to the site, and
 * decides nothing.
 *
 * @param site null when the record names none
 * @param epoch null when it names none
 */
public record Claim(@Nullable String site, @Nullable Long epoch, long sequence) {
    private static final JsonFactory LENIENT = new JsonFactory();
    private static final Set<String> NAMES = Set.of("site", "epoch", "sequence");

    /** What the value says, as far as it can be read; empty without one sequence that cannot be mistaken. */
    public static Optional<Claim> of(byte @Nullable [] value) {
        var fields = new Fields();
        if (value != null) {
            fields.read(new String(value, StandardCharsets.UTF_8));
        }
        return fields.claim();
    }

    /** Whether it is about a change of this site in this epoch, or does not say otherwise. */
    public boolean fits(Site ofTopic, int present) {
        return (site == null || site.equals(ofTopic.name())) && (epoch == null || epoch == present);
    }

    private static final class Fields {
        private final Set<String> read = new HashSet<>();
        private @Nullable String site;
        private @Nullable Long epoch;
        private @Nullable Long sequence;
        private boolean ambiguous;

        void read(String object) {
            try (JsonParser parser = LENIENT.createParser(ObjectReadContext.empty(), object)) {
                JsonToken next = parser.nextToken() == JsonToken.START_OBJECT ? parser.nextToken() : null;
                while (next == JsonToken.PROPERTY_NAME) {
                    String field = parser.currentName();
                    JsonToken token = parser.nextToken();
                    String text = token.isScalarValue() && NAMES.contains(field) ? parser.getString() : "";
                    parser.skipChildren();
                    next = parser.nextToken(); // a number that is followed by nothing may have been cut
                    take(field, token, text);
                }
            } catch (JacksonException e) {
                // what was read so far stands
            }
        }

        private void take(String field, JsonToken token, String text) {
            if (!NAMES.contains(field)) {
                return;
            }
            ambiguous |= !read.add(field);
            switch (field) {
                case "site" -> site = token == JsonToken.VALUE_STRING ? text : null;
                case "epoch" -> epoch = number(token, text);
                default -> sequence = number(token, text);
            }
        }

        private static @Nullable Long number(JsonToken token, String text) {
            boolean natural = token == JsonToken.VALUE_NUMBER_INT && text.length() <= 18 && !text.startsWith("-");
            return natural ? Long.valueOf(text) : null;
        }

        Optional<Claim> claim() {
            return sequence == null || sequence == 0 || ambiguous
                    ? Optional.empty()
                    : Optional.of(new Claim(site, epoch, sequence));
        }
    }
}

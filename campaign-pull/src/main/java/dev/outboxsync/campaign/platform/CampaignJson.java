package dev.outboxsync.campaign.platform;

import dev.outboxsync.event.UtcTime;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the platform's answers: what is missing or wrong is refused, what is more than we know is ignored. */
final class CampaignJson {
    /** Of a budget. */
    static final int DECIMALS = 18;

    /** More than campaigns fit into the largest answer: what is malformed may be a byte, and is noted row by row. */
    private static final int MOST_ITEMS = 20_000;

    private static final int DIGITS_BEFORE = 20;
    private static final int DIGITS_OF_A_LONG = 19;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_STATUS = 50;

    private static final String ID = "[^\\p{C}\\p{Z}]([\\P{C}&&[^\\p{Zl}\\p{Zp}]]{0,98}[^\\p{C}\\p{Z}])?";

    /** In an address they would lead elsewhere, in whatever way they are written. */
    private static final Set<String> NO_IDS = Set.of(".", "..");

    /** ISO 8601, and its likes: a space for the T, an offset with or without colon or minutes. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[' '][XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private CampaignJson() {}

    /** A field that is not as it must be. */
    private static final class Malformed extends RuntimeException {
        Malformed(String field, String must) {
            super("MALFORMED: " + field + " " + must);
        }
    }

    static Optional<JsonNode> tree(byte[] body) {
        try {
            return Optional.of(JSON.readTree(body));
        } catch (JacksonException | NumberFormatException notJson) {
            // of an exponent beyond all numbers Jackson lets the JDK's exception through
            return Optional.empty();
        }
    }

    static JsonNode object(byte[] body) {
        return tree(body)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> PlatformFailure.badAnswer("it is not a JSON object"));
    }

    /** A word that may stand in a header. */
    static String word(JsonNode answer, String field) {
        JsonNode node = answer.path(field);
        if (!node.isString() || !node.stringValue().matches("[\\x21-\\x7e]{1,8192}")) {
            throw PlatformFailure.badAnswer(field + " must be a word");
        }
        return node.stringValue();
    }

    /** @param asked the size of a page that was asked for, where the answer does not say */
    static CampaignPage page(byte[] body, int asked) {
        JsonNode answer = object(body);
        JsonNode data = answer.path("data");
        JsonNode pagination = answer.path("pagination");
        if (!data.isArray()) {
            throw PlatformFailure.badAnswer("data must be an array");
        }
        if (data.size() > MOST_ITEMS) {
            throw PlatformFailure.badAnswer("a page has at most " + MOST_ITEMS + " campaigns");
        }
        if (!pagination.path("has_more").isBoolean()) {
            throw PlatformFailure.badAnswer("pagination.has_more must be true or false");
        }
        List<ListedItem> items = new ArrayList<>();
        data.forEach(item -> items.add(item(item)));
        boolean more = pagination.path("has_more").booleanValue();
        // a page that others follow is full, whatever it says
        int size = more && !items.isEmpty() ? items.size() : size(pagination, asked);
        return new CampaignPage(items, size, whole(pagination.path("total")), more);
    }

    private static int size(JsonNode pagination, int asked) {
        Long said = whole(pagination.path("limit"));
        return said == null || said < 1 || said > Integer.MAX_VALUE ? asked : said.intValue();
    }

    static SyncAnswer synced(byte[] body, String id) {
        JsonNode answer = object(body);
        JsonNode success = answer.path("success");
        if (!success.isBoolean()) {
            throw PlatformFailure.badAnswer("success must be true or false");
        }
        if (!success.booleanValue()) {
            throw new PlatformFailure(PlatformFailure.Kind.REFUSED, "SYNC_REFUSED: success is false");
        }
        JsonNode campaign = answer.path("campaign_id");
        if (!campaign.isMissingNode()
                && !(campaign.isString() && campaign.stringValue().equals(id))) {
            throw PlatformFailure.badAnswer("campaign_id is another one");
        }
        try {
            return new SyncAnswer(moment(answer, "synced_at"));
        } catch (Malformed unknown) {
            return new SyncAnswer(null);
        }
    }

    private static ListedItem item(JsonNode item) {
        String id = null;
        try {
            id = id(item);
            return ListedItem.of(new Campaign(
                    id,
                    text(item, "name", LONGEST_NAME),
                    text(item, "status", LONGEST_STATUS),
                    budget(item),
                    count(item, "impressions"),
                    count(item, "clicks"),
                    count(item, "conversions"),
                    moment(item, "created_at")));
        } catch (Malformed malformed) {
            return ListedItem.malformed(id, String.valueOf(malformed.getMessage()));
        }
    }

    private static String id(JsonNode item) {
        String id = text(item, "id", Integer.MAX_VALUE);
        if (!id.matches(ID) || NO_IDS.contains(id)) {
            throw new Malformed("id", "must be 1 to 100 visible characters, and not dots alone");
        }
        return id;
    }

    private static String text(JsonNode item, String field, int longest) {
        JsonNode node = item.path(field);
        if (!node.isString()) {
            throw new Malformed(field, "must be a text");
        }
        String text = node.stringValue();
        if (text.isBlank() || text.codePointCount(0, text.length()) > longest) {
            throw new Malformed(field, "must have 1 to " + longest + " characters");
        }
        if (text.codePoints().anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE)) {
            throw new Malformed(field, "must not contain NUL or half of a surrogate pair");
        }
        return text;
    }

    private static BigDecimal budget(JsonNode item) {
        BigDecimal budget = number(item, "budget");
        if (budget.scale() > DECIMALS || (long) budget.precision() - budget.scale() > DIGITS_BEFORE) {
            throw new Malformed("budget", "must have at most 20 digits before the point and 18 behind it");
        }
        return budget.setScale(DECIMALS);
    }

    private static long count(JsonNode item, String field) {
        BigDecimal count = number(item, field);
        if (count.scale() > 0 || (long) count.precision() - count.scale() >= DIGITS_OF_A_LONG) {
            throw new Malformed(field, "must be a whole number below 10^18");
        }
        return count.longValueExact();
    }

    /** Without zeros at its end: its scale says how many decimals it needs. */
    private static BigDecimal number(JsonNode item, String field) {
        JsonNode node = item.path(field);
        if (!node.isNumber()) {
            throw new Malformed(field, "must be a number");
        }
        BigDecimal number = node.decimalValue().stripTrailingZeros();
        if (number.signum() < 0) {
            throw new Malformed(field, "must not be negative");
        }
        return number;
    }

    private static Instant moment(JsonNode item, String field) {
        JsonNode node = item.path(field);
        if (!node.isString()) {
            throw new Malformed(field, "must be a time as text");
        }
        try {
            TemporalAccessor read =
                    TIME.parseBest(node.stringValue(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            return UtcTime.moment(instant(read).toString());
        } catch (DateTimeException unreadable) {
            throw new Malformed(field, "must be a time like 2026-11-23T06:00:00Z");
        }
    }

    /** What names no zone is UTC, a day alone its beginning. */
    private static Instant instant(TemporalAccessor read) {
        if (read instanceof OffsetDateTime moment) {
            return moment.toInstant();
        }
        LocalDateTime local = read instanceof LocalDate day ? day.atStartOfDay() : LocalDateTime.from(read);
        return local.toInstant(ZoneOffset.UTC);
    }

    private static @Nullable Long whole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }
}

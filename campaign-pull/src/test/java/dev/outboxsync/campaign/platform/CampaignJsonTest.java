package dev.outboxsync.campaign.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignJsonTest {
    private static final String GOOD = """
            {"id":"campaign_1","name":"Zoë 🛒","status":"active","budget":1000.10,"impressions":3,"clicks":2,"conversions":1,\
            "created_at":"2026-01-02T03:04:05.123456789+02:00","more":[1]}""";

    @Test
    void a_campaign_is_read_exactly() {
        assertThat(item(GOOD).campaign())
                .isEqualTo(new Campaign(
                        "campaign_1",
                        "Zoë 🛒",
                        "active",
                        new BigDecimal("1000.100000000000000000"),
                        3,
                        2,
                        1,
                        Instant.parse("2026-01-02T01:04:05.123456Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "1e-2147483648", "-1e2147483648"})
    void a_number_beyond_all_numbers_makes_no_json(String number) {
        byte[] body = GOOD.replace("[1]", "[" + number + "]").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> CampaignJson.object(body))
                .isInstanceOf(PlatformFailure.class)
                .hasMessageStartingWith("BAD_ANSWER");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.100000000000000000",
        "0.30000000000000004, 0.300000000000000040",
        "99999999999999999999, 99999999999999999999.000000000000000000",
        "1e3, 1000.000000000000000000",
        "-0.0, 0E-18"
    })
    void money_passes_through_no_double(String number, String stored) {
        Campaign campaign = item(GOOD.replace("1000.10", number)).campaign();

        assertThat(campaign).isNotNull();
        assertThat(campaign.budget()).isEqualTo(new BigDecimal(stored));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"campaign_1\" | 7 | id must be a text",
                "\"campaign_1\" | \"..\" | id must be 1 to 100 visible characters, and not dots alone",
                "\"campaign_1\" | \" a\" | id must be 1 to 100 visible characters, and not dots alone",
                "\"campaign_1\" | \"a\\nb\" | id must be 1 to 100 visible characters, and not dots alone",
                "\"campaign_1\" | \"a\\u2028b\" | id must be 1 to 100 visible characters, and not dots alone",
                "\"Zoë 🛒\" | null | name must be a text",
                "\"Zoë 🛒\" | \"  \" | name must have 1 to 200 characters",
                "\"Zoë 🛒\" | \"\\ud800\" | name must not contain NUL or half of a surrogate pair",
                "\"active\" | true | status must be a text",
                "1000.10 | \"1000.10\" | budget must be a number",
                "1000.10 | -1 | budget must not be negative",
                "1000.10 | 1e400000000 | budget must have at most 20 digits before the point and 18 behind it",
                "1000.10 | 1e-400000000 | budget must have at most 20 digits before the point and 18 behind it",
                ":3, | :3.5, | impressions must be a whole number below 10^18",
                ":3, | :1e300, | impressions must be a whole number below 10^18",
                ":2, | :null, | clicks must be a number",
                "\"2026-01-02T03:04:05.123456789+02:00\" | 1767318245000 | created_at must be a time as text",
                "2026-01-02T | 2026-02-30T | created_at must be a time like 2026-11-23T06:00:00Z",
                "2026-01-02T | 0999-01-02T | created_at must be a time like 2026-11-23T06:00:00Z",
                "2026-01-02T | 02.01.2026 | created_at must be a time like 2026-11-23T06:00:00Z"
            })
    void what_is_malformed_is_named_and_its_value_is_not(String part, String other, String problem) {
        ListedItem item = item(GOOD.replace(part, other));

        assertThat(item.campaign()).isNull();
        assertThat(item.problem()).isEqualTo("MALFORMED: " + problem);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05.1z, 2026-01-02T03:04:05.1Z",
        "2026-01-02 03:04:05+02:00, 2026-01-02T01:04:05Z",
        "2026-01-02 03:04:05 -0500, 2026-01-02T08:04:05Z",
        "2026-01-02T03:04+02, 2026-01-02T01:04:00Z",
        "2026-01-02T03:04:05.123456, 2026-01-02T03:04:05.123456Z",
        "2026-01-02, 2026-01-02T00:00:00Z"
    })
    void a_time_is_read_in_each_of_its_usual_forms(String text, Instant moment) {
        Campaign campaign =
                item(GOOD.replace("2026-01-02T03:04:05.123456789+02:00", text)).campaign();

        assertThat(campaign).isNotNull();
        assertThat(campaign.createdAt()).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a/b", "../c", "%2e%2e", "Zoë 🛒", "a?b#c", "7", "...", "A;x=1"})
    void an_id_may_be_any_visible_text(String id) {
        Campaign campaign = item(GOOD.replace("campaign_1", id)).campaign();

        assertThat(campaign).isNotNull();
        assertThat(campaign.id()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false", "300, false"})
    void an_id_has_at_most_a_hundred_characters(int length, boolean good) {
        assertThat(item(GOOD.replace("campaign_1", "🛒".repeat(length))).campaign() != null)
                .isEqualTo(good);
    }

    @Test
    void a_page_of_countless_items_is_a_bad_answer() {
        assertThat(page("0" + ",0".repeat(19_999)).items()).hasSize(20_000);
        assertThatThrownBy(() -> page("0" + ",0".repeat(20_000)))
                .isInstanceOf(PlatformFailure.class)
                .hasMessage("BAD_ANSWER: a page has at most 20000 campaigns");
    }

    @Test
    void a_malformed_item_leaves_the_others_of_its_page() {
        CampaignPage page = page("null," + GOOD + ",7");

        assertThat(page.items()).hasSize(3);
        assertThat(page.items().get(1).campaign()).isNotNull();
    }

    private static ListedItem item(String json) {
        return page(json).items().get(0);
    }

    private static CampaignPage page(String items) {
        String body = "{\"data\":[" + items + "],\"pagination\":{\"has_more\":false}}";
        return CampaignJson.page(body.getBytes(StandardCharsets.UTF_8), 10);
    }
}

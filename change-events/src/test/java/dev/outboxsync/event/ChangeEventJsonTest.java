package dev.outboxsync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outboxsync.event.MalformedRecordException.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ChangeEventJsonTest {
    @Test
    void the_frozen_record_is_read() throws MalformedRecordException {
        ChangeEvent event = ChangeEventJson.read(Golden.bytes(Golden.CHANGE_EVENT));

        assertThat(event.site()).isEqualTo(new Site("site-1"));
        assertThat(event.version()).isEqualTo(new Version(1, 42));
        assertThat(event.table()).isEqualTo("orders");
        assertThat(event.operation()).isEqualTo(Operation.UPDATE);
        assertThat(event.recordId()).isEqualTo("7");
        assertThat(event.key()).isEqualTo("orders/7");
        assertThat(event.capturedAt()).isEqualTo(Instant.parse("2026-11-23T06:00:00.123456Z"));
        assertThat(event.row().columns())
                .containsEntry("amount", "12.50")
                .containsEntry("status", "PAID 😀")
                .containsEntry("weight", "1.50E+3")
                .containsEntry("note", null);
        assertThat(event.row().columns().keySet())
                .containsExactly("id", "user_id", "amount", "status", "weight", "note", "updated_at");
    }

    @Test
    void the_frozen_record_is_written() throws MalformedRecordException {
        ChangeEvent event = ChangeEventJson.read(Golden.bytes(Golden.CHANGE_EVENT));

        assertThat(ChangeEventJson.write(event))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(Golden.CHANGE_EVENT);
    }

    @Test
    void unknown_fields_are_ignored_whatever_they_hold() throws MalformedRecordException {
        String more = Golden.CHANGE_EVENT.replace("{\"v\":1", "{\"new\":[{\"v\":9}],\"v\":1,\"other\":{\"site\":1}");

        assertThat(ChangeEventJson.read(Golden.bytes(more)))
                .isEqualTo(ChangeEventJson.read(Golden.bytes(Golden.CHANGE_EVENT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"site", "epoch", "sequence", "table", "operation", "record_id", "captured_at", "row"})
    void a_missing_field_is_named(String field) {
        String without = Golden.CHANGE_EVENT.replaceFirst("\"" + field + "\":", "\"x_" + field + "\":");

        assertRefused(without, Problem.WRONG_FIELD, field);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "site | null",
                "site | 1",
                "site | `\"\"`",
                "site | `\"SITE\"`",
                "site | `\"a.b\"`",
                "epoch | 0",
                "epoch | -1",
                "epoch | `\"1\"`",
                "epoch | 1.0",
                "epoch | 2147483648",
                "epoch | null",
                "sequence | 0",
                "sequence | 9223372036854775808",
                "sequence | `\"42\"`",
                "sequence | true",
                "table | `\"\"`",
                "table | null",
                "table | `[\"orders\"]`",
                "operation | `\"update\"`",
                "operation | `\"UPSERT\"`",
                "operation | `\"\"`",
                "operation | 1",
                "record_id | `\"\"`",
                "record_id | 7",
                "record_id | null",
                "captured_at | `\"yesterday\"`",
                "captured_at | `\"2026-11-23T06:00:00\"`",
                "captured_at | 1",
                "captured_at | `\"+10000-01-01T00:00:00Z\"`",
                "captured_at | `\"0999-12-31T23:59:59Z\"`",
                "row | null",
                "row | `[]`",
                "row | `\"{}\"`",
                "row | `{\"a\":[1]}`",
                "row | `{\"a\":{}}`",
                "row | `{\"a\":true}`",
                "row | `{\"a\":\"x\\ud800\"}`",
                "row | `{\"a\":\"\\udc00\\ud800\"}`",
                "row | `{\"\\udfff\":\"1\"}`",
                "record_id | `\"\\ud800\"`",
                "record_id | `\"\\ud83dx\"`"
            })
    void a_wrong_field_is_named(String field, String value) {
        assertRefused(Golden.with(Golden.CHANGE_EVENT, field, value), Problem.WRONG_FIELD, field);
    }

    @Test
    void names_longer_than_their_columns_are_refused() throws MalformedRecordException {
        String longest = Golden.with(Golden.CHANGE_EVENT, "record_id", "\"" + "😀".repeat(255) + "\"");
        assertThat(ChangeEventJson.read(Golden.bytes(longest)).recordId()).isEqualTo("😀".repeat(255));

        assertRefused(
                Golden.with(Golden.CHANGE_EVENT, "record_id", "\"" + "x".repeat(256) + "\""),
                Problem.WRONG_FIELD,
                "record_id");
        assertRefused(
                Golden.with(Golden.CHANGE_EVENT, "table", "\"" + "x".repeat(65) + "\""), Problem.WRONG_FIELD, "table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99", "\"1\"", "1.0", "null", "[1]"})
    void another_version_is_named_even_when_its_fields_differ(String version) {
        String other = Golden.with(Golden.CHANGE_EVENT, "v", version);

        assertRefused(other, Problem.UNSUPPORTED_VERSION, "v");
        assertRefused(Golden.with(other, "epoch", "\"new\""), Problem.UNSUPPORTED_VERSION, "v");
    }

    @Test
    void a_record_without_a_version_is_refused() {
        assertRefused(Golden.CHANGE_EVENT.replace("\"v\":1,", ""), Problem.UNSUPPORTED_VERSION, "v");
    }

    @Test
    void a_name_that_comes_twice_is_refused() {
        assertRefused(Golden.CHANGE_EVENT.replace("\"epoch\":1", "\"epoch\":1,\"epoch\":2"), Problem.MALFORMED, null);
        assertRefused(
                Golden.CHANGE_EVENT.replace("\"note\":null", "\"note\":null,\"note\":\"\""), Problem.MALFORMED, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "1", "[]", "\"text\"", "{", "nonsense", "\u0000"})
    void what_is_no_object_is_malformed(String text) {
        assertRefused(text, Problem.MALFORMED, null);
    }

    @Test
    void a_tombstone_is_malformed() {
        var refused = catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(null));

        assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void a_record_cut_anywhere_is_refused() {
        byte[] whole = Golden.bytes(Golden.CHANGE_EVENT);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);

            assertThat(catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(cut)))
                    .as("cut to " + length)
                    .isNotNull();
        }
    }

    @Test
    void what_follows_the_object_is_refused() {
        assertRefused(Golden.CHANGE_EVENT + "{}", Problem.MALFORMED, null);
        assertRefused(Golden.CHANGE_EVENT + " x", Problem.MALFORMED, null);
    }

    @Test
    void bytes_that_are_no_utf_8_are_malformed() {
        byte[] overlong = Golden.bytes(Golden.CHANGE_EVENT.replace("7", "\u0001\u0001"));
        for (int i = 0; i + 1 < overlong.length; i++) {
            if (overlong[i] == 1 && overlong[i + 1] == 1) {
                overlong[i] = (byte) 0xc0;
                overlong[i + 1] = (byte) 0xaf;
            }
        }

        var refused = catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(overlong));
        var utf16 = catchThrowableOfType(
                MalformedRecordException.class,
                () -> ChangeEventJson.read(Golden.CHANGE_EVENT.getBytes(StandardCharsets.UTF_16)));

        assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
        assertThat(utf16.problem()).isEqualTo(Problem.MALFORMED);
    }

    /** Where UTF-8 is broken, decoders put this character: it may have been written by somebody as well. */
    @Test
    void a_replacement_character_is_text_and_hides_no_broken_byte() throws Exception {
        byte[] written = Golden.bytes(Golden.CHANGE_EVENT.replace("orders", "or\uFFFDers\u0001"));
        byte[] broken = written.clone();
        for (int i = 0; i < written.length; i++) {
            if (written[i] == 1) {
                written[i] = 'x';
                broken[i] = (byte) 0xff;
            }
        }

        assertThat(ChangeEventJson.read(written).table()).isEqualTo("or\uFFFDersx");
        assertThat(catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(broken))
                        .problem())
                .isEqualTo(Problem.MALFORMED);
    }

    @Test
    void random_bytes_are_refused_and_nothing_else_happens() {
        var random = new Random(17);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);

            assertThat(catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(bytes)))
                    .isNotNull();
        }
    }

    @Test
    void deep_nesting_and_endless_numbers_are_refused_fast() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertRefused(Golden.with(Golden.CHANGE_EVENT, "row", deep), Problem.WRONG_FIELD, "row");
        assertRefused(Golden.CHANGE_EVENT.replace("\"v\":1,", "\"v\":1,\"x\":" + deep + ","), Problem.MALFORMED, null);
        assertThat(catchThrowableOfType(
                        MalformedRecordException.class,
                        () -> ChangeEventJson.read(
                                Golden.bytes(Golden.with(Golden.CHANGE_EVENT, "epoch", "9".repeat(5_000))))))
                .isNotNull();
    }

    @Test
    void a_row_of_a_megabyte_with_surrogates_stays_as_it_was_written() throws MalformedRecordException {
        String row = "{\"id\": \"7\", \"text\": \"" + "é😀\\u0041\\n".repeat(60_000) + "\"}";

        ChangeEvent event = ChangeEventJson.read(Golden.bytes(Golden.with(Golden.CHANGE_EVENT, "row", row)));

        assertThat(event.row().json()).isEqualTo(row);
        assertThat(event.row().columns()).containsEntry("text", "é😀A\n".repeat(60_000));
    }

    @Test
    void a_row_names_its_columns_but_never_its_values() throws MalformedRecordException {
        assertThat(RowImage.ofJson("{\"email\":\"ann@example.org\"}")).hasToString("RowImage[email]");
    }

    private static void assertRefused(String text, Problem problem, String field) {
        var refused =
                catchThrowableOfType(MalformedRecordException.class, () -> ChangeEventJson.read(Golden.bytes(text)));

        assertThat(refused).as(text.substring(0, Math.min(400, text.length()))).isNotNull();
        assertThat(refused.problem()).isEqualTo(problem);
        assertThat(refused.field()).isEqualTo(field);
    }
}

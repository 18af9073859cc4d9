package dev.outboxsync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.MalformedRecordException.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AcknowledgementJsonTest {
    private static final Acknowledgement FROZEN = new Acknowledgement(
            new Site("site-1"),
            1,
            new AcknowledgementId(18, "3f0c6a5d9b7e1240"),
            "77d0a1c2b3e4f506",
            List.of(new SequenceRange(1, 500), new SequenceRange(502, 900)),
            List.of(
                    new Refusal(501, Reason.DUPLICATE_KEY, "users.email"),
                    new Refusal(901, Reason.MISSING_PARENT, null),
                    new Refusal(902, Reason.MALFORMED, "operation")),
            1_200,
            Instant.parse("2026-11-23T06:02:00.400000Z"),
            null);
    private static final Acknowledgement ANSWER = new Acknowledgement(
            new Site("site-1"),
            2,
            new AcknowledgementId(19, "00000000000000ff"),
            "3f0c6a5d9b7e1240",
            List.of(),
            List.of(),
            1_700,
            Instant.parse("2026-11-23T06:02:01Z"),
            new HelloAnswer(
                    "9f0c2b7d11aa34e5", 17, false, new LastReceived(900, Instant.parse("2026-11-23T06:01:59.5Z"))));

    @Test
    void the_frozen_record_is_read() throws MalformedRecordException {
        assertThat(AcknowledgementJson.read(Golden.bytes(Golden.ACKNOWLEDGEMENT)))
                .isEqualTo(FROZEN);
    }

    @Test
    void the_frozen_record_is_written() {
        assertThat(AcknowledgementJson.write(FROZEN))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(Golden.ACKNOWLEDGEMENT);
    }

    @Test
    void unknown_fields_are_ignored() throws MalformedRecordException {
        String more = Golden.ACKNOWLEDGEMENT
                .replace("{\"v\":1", "{\"greeting\":{\"a\":[]},\"v\":1")
                .replace("\"reason\"", "\"why\":[1],\"reason\"");

        assertThat(AcknowledgementJson.read(Golden.bytes(more))).isEqualTo(FROZEN);
    }

    @Test
    void the_frozen_answer_is_read_and_written() throws MalformedRecordException {
        assertThat(AcknowledgementJson.read(Golden.bytes(Golden.HELLO_ANSWER))).isEqualTo(ANSWER);
        assertThat(AcknowledgementJson.write(ANSWER))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(Golden.HELLO_ANSWER);
    }

    @Test
    void an_answer_may_know_of_no_change() throws MalformedRecordException {
        String nothing = Golden.with(Golden.HELLO_ANSWER, "last", "null");

        assertThat(AcknowledgementJson.read(Golden.bytes(nothing)).answer())
                .isEqualTo(new HelloAnswer("9f0c2b7d11aa34e5", 17, false, null));
        assertThat(AcknowledgementJson.write(AcknowledgementJson.read(Golden.bytes(nothing))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(nothing);
    }

    @Test
    void a_mark_may_be_missing() throws MalformedRecordException {
        String unmarked = Golden.ACKNOWLEDGEMENT.replaceFirst("\"mark\":", "\"x_mark\":");

        assertThat(AcknowledgementJson.read(Golden.bytes(unmarked)).id()).isEqualTo(new AcknowledgementId(18, ""));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "hello | 1",
                "seen | -1",
                "seen | `\"17\"`",
                "remembers | 1",
                "remembers | null",
                "last | 900",
                "last | `{}`",
                "last | `{\"sequence\":900}`",
                "last | `{\"sequence\":0,\"captured_at\":\"2026-11-23T06:01:59Z\"}`",
                "last | `{\"sequence\":900,\"captured_at\":\"yesterday\"}`",
                "mark | 1",
                "mark | `\"12345678901234567\"`",
                "previous | 1",
                "previous | `\"12345678901234567\"`"
            })
    void a_wrong_field_of_an_answer_is_named(String field, String value) {
        assertRefused(Golden.with(Golden.HELLO_ANSWER, field, value), Problem.WRONG_FIELD, field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"site", "epoch", "number", "applied", "refused", "from_offset", "committed_at"})
    void a_missing_field_is_named(String field) {
        assertRefused(
                Golden.ACKNOWLEDGEMENT.replaceFirst("\"" + field + "\":", "\"x_" + field + "\":"),
                Problem.WRONG_FIELD,
                field);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "site | 1",
                "epoch | 0",
                "epoch | 2147483648",
                "number | 0",
                "number | `\"18\"`",
                "applied | null",
                "applied | `[1]`",
                "applied | `[[]]`",
                "applied | `[[1]]`",
                "applied | `[[0,1]]`",
                "applied | `[[2,1]]`",
                "applied | `[[1,2,3]]`",
                "applied | `[[1,9223372036854775808]]`",
                "applied | `[[1,5],[5,6]]`",
                "applied | `[[5,6],[1,2]]`",
                "applied | `[[\"1\",2]]`",
                "refused | null",
                "refused | `[1]`",
                "refused | `[{}]`",
                "refused | `[{\"sequence\":1}]`",
                "refused | `[{\"reason\":\"TOO_LONG\"}]`",
                "refused | `[{\"sequence\":1,\"reason\":\"NO_IDEA\"}]`",
                "refused | `[{\"sequence\":0,\"reason\":\"TOO_LONG\"}]`",
                "refused | `[{\"sequence\":1,\"reason\":\"TOO_LONG\",\"detail\":1}]`",
                "from_offset | -1",
                "committed_at | `\"+10000-01-01T00:00:00Z\"`",
                "committed_at | 0"
            })
    void a_wrong_field_is_named(String field, String value) {
        assertRefused(Golden.with(Golden.ACKNOWLEDGEMENT, field, value), Problem.WRONG_FIELD, field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99", "\"1\"", "null"})
    void another_version_is_named(String version) {
        assertRefused(Golden.with(Golden.ACKNOWLEDGEMENT, "v", version), Problem.UNSUPPORTED_VERSION, "v");
    }

    @Test
    void a_record_cut_anywhere_and_random_bytes_are_refused() {
        byte[] whole = Golden.bytes(Golden.ACKNOWLEDGEMENT);
        var random = new Random(18);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            byte[] noise = new byte[length];
            random.nextBytes(noise);

            assertThat(catchThrowableOfType(MalformedRecordException.class, () -> AcknowledgementJson.read(cut)))
                    .isNotNull();
            assertThat(catchThrowableOfType(MalformedRecordException.class, () -> AcknowledgementJson.read(noise)))
                    .isNotNull();
        }
    }

    private static void assertRefused(String text, Problem problem, String field) {
        var refused = catchThrowableOfType(
                MalformedRecordException.class, () -> AcknowledgementJson.read(Golden.bytes(text)));

        assertThat(refused).as(text).isNotNull();
        assertThat(refused.problem()).isEqualTo(problem);
        assertThat(refused.field()).isEqualTo(field);
    }
}

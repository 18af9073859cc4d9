package dev.outboxsync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
            18,
            List.of(new SequenceRange(1, 500), new SequenceRange(502, 900)),
            List.of(
                    new Refusal(501, Reason.DUPLICATE_KEY, "users.email"),
                    new Refusal(901, Reason.MISSING_PARENT, null)),
            1_200,
            Instant.parse("2026-11-23T06:02:00.400000Z"));

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
                .replace("{\"v\":1", "{\"hello\":{\"a\":[]},\"v\":1")
                .replace("\"reason\"", "\"why\":[1],\"reason\"");

        assertThat(AcknowledgementJson.read(Golden.bytes(more))).isEqualTo(FROZEN);
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

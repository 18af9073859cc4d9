package dev.outboxsync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outboxsync.event.MalformedRecordException.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class HelloJsonTest {
    private static final Hello FROZEN =
            new Hello(new Site("site-1"), 2, "9f0c2b7d11aa34e5", new AcknowledgementId(17, "3f0c6a5d9b7e1240"));

    @Test
    void the_frozen_record_is_read_and_written() throws MalformedRecordException {
        assertThat(LaneRecordJson.read(Golden.bytes(Golden.HELLO))).isEqualTo(FROZEN);
        assertThat(HelloJson.write(FROZEN)).asString(StandardCharsets.UTF_8).isEqualTo(Golden.HELLO);
    }

    @Test
    void a_change_is_read_from_the_same_lane() throws MalformedRecordException {
        assertThat(LaneRecordJson.read(Golden.bytes(Golden.CHANGE_EVENT))).isInstanceOf(ChangeEvent.class);
    }

    @Test
    void a_mark_may_be_missing() throws MalformedRecordException {
        String unmarked = Golden.HELLO.replace(",\"mark\":\"3f0c6a5d9b7e1240\"", "");

        assertThat(LaneRecordJson.read(Golden.bytes(unmarked)))
                .isEqualTo(new Hello(FROZEN.site(), 2, FROZEN.token(), new AcknowledgementId(17, "")));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "site | 1",
                "epoch | 0",
                "epoch | 2147483648",
                "hello | 7",
                "hello | `\"\"`",
                "hello | `{}`",
                "seen | -1",
                "seen | null",
                "mark | 5",
                "mark | `\"12345678901234567\"`"
            })
    void a_wrong_field_is_named(String field, String value) {
        byte[] wrong = Golden.bytes(Golden.with(Golden.HELLO, field, value));

        var refused = catchThrowableOfType(MalformedRecordException.class, () -> LaneRecordJson.read(wrong));

        assertThat(refused).isNotNull();
        assertThat(refused.problem()).isEqualTo(Problem.WRONG_FIELD);
        assertThat(refused.field()).isEqualTo(field);
    }
}

package dev.outboxsync.campaign.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

/** Every form in which the platform may say how long it wants to be left alone. */
class RetryAfterTest {
    private final RetryAfter retryAfter = new RetryAfter(
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                "30 | | {} | PT30S",
                "Wed, 25 Nov 2026 12:01:30 GMT | | {} | PT1M30S",
                "Wed, 25 Nov 2026 12:01:30 GMT | Wed, 25 Nov 2026 12:01:00 GMT | {} | PT30S",
                "Wednesday, 25-Nov-26 12:01:30 GMT | | {} | PT1M30S",
                "Wed Nov 25 12:01:30 2026 | | {} | PT1M30S",
                "Wed, 25 Nov 2099 12:00:00 GMT | | {} | PT10M",
                "Wed, 25 Nov 2026 12:01:30 GMT | yesterday | {} | PT1M30S",
                "1000000000 | | {} | PT10M",
                "| | {\"retry_after\":45} | PT45S",
                "| | {\"retry_after\":\"45\"} | PT45S",
                "30 | | {\"retry_after\":45} | PT45S",
                "| | {} | PT1M",
                "| | <html> | PT1M",
                "soon | | {\"retry_after\":true} | PT1M",
                "-5 | | {\"retry_after\":-5} | PT1M",
                "Wed, 25 Nov 2026 11:00:00 GMT | | {} | PT1M",
                "99999999999999999999999999 | | {} | PT10M",
                "| | {\"retry_after\":1e300} | PT10M",
                "0 | | {} | PT0S"
            })
    void is_read_and_bounded(String header, String date, String body, Duration pause) {
        var headers = new HttpHeaders();
        if (header != null) {
            headers.set("Retry-After", header);
        }
        if (date != null) {
            headers.set("Date", date);
        }

        assertThat(retryAfter.of(new Answer(429, headers, body.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(pause);
    }
}

package dev.outboxsync.campaign.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/**
 * How long the platform wants to be left alone: the header in seconds or as a date (RFC 9110, section 10.2.3), or the body's
 * {@code retry_after} in seconds. Of several the longest; what cannot be read is as good as absent.
 */
final class RetryAfter {
    private final Duration absent;
    private final Duration longest;
    private final Clock clock;

    /**
     * @param absent what holds if it does not say
     * @param longest most that is obeyed
     */
    RetryAfter(Duration absent, Duration longest, Clock clock) {
        this.absent = absent;
        this.longest = longest;
        this.clock = clock;
    }

    Duration of(Answer answer) {
        return said(answer).orElse(absent.compareTo(longest) > 0 ? longest : absent);
    }

    /** Empty if the answer says nothing that can be read. */
    Optional<Duration> said(Answer answer) {
        return Stream.of(header(answer.headers()), body(answer.body()))
                .flatMap(Optional::stream)
                .filter(pause -> !pause.isNegative())
                .map(pause -> pause.compareTo(longest) > 0 ? longest : pause)
                .max(Duration::compareTo);
    }

    private Optional<Duration> header(HttpHeaders headers) {
        String text = headers.getFirst(HttpHeaders.RETRY_AFTER);
        if (text == null) {
            return Optional.empty();
        }
        String value = text.strip();
        if (value.matches("[0-9]+(\\.[0-9]+)?")) {
            return seconds(Double.parseDouble(value));
        }
        // against the platform's own clock, where it tells it
        return date(headers, HttpHeaders.RETRY_AFTER)
                .map(until -> Duration.between(date(headers, HttpHeaders.DATE).orElse(clock.instant()), until));
    }

    private static Optional<Duration> body(byte[] body) {
        return CampaignJson.tree(body).map(tree -> tree.path("retry_after")).flatMap(RetryAfter::seconds);
    }

    private static Optional<Duration> seconds(JsonNode node) {
        if (node.isNumber()) {
            return seconds(node.doubleValue());
        }
        return node.isString() && node.stringValue().matches("[0-9]{1,18}")
                ? seconds(Double.parseDouble(node.stringValue()))
                : Optional.empty();
    }

    /** Beyond a long any bound is passed. */
    private static Optional<Duration> seconds(double seconds) {
        return Double.isNaN(seconds)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) Math.min(seconds * 1000, 1e15)));
    }

    /** In each form that HTTP knows. */
    private static Optional<Instant> date(HttpHeaders headers, String name) {
        try {
            return Optional.ofNullable(headers.getFirstZonedDateTime(name)).map(ZonedDateTime::toInstant);
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}

package dev.outboxsync.campaign.platform;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The token of all workers: fetched by the first who needs it while the others wait, and renewed when a fifth of its life
 * is left, a minute at most. Its life is counted from our demand, by our clock: {@code issued_at} is by another.
 */
final class AccessTokens {
    /** Of a token that does not say, or says nonsense; a 401 ends it earlier. */
    private static final Duration USUAL_LIFE = Duration.ofMinutes(5);

    private static final Duration LONGEST_LIFE = Duration.ofHours(24);
    private static final Duration EARLIEST_RENEWAL = Duration.ofMinutes(1);

    /** How a demand for a token is told that its credentials are wrong (RFC 6749, section 5.2: 400 or 401). */
    private static final Set<Integer> DENIALS = Set.of(400, 401, 403);

    private final Supplier<Answer> demand;
    private final LongSupplier nanos;
    private @Nullable String token;
    private long renewAt;

    AccessTokens(Supplier<Answer> demand, LongSupplier nanos) {
        this.demand = demand;
        this.nanos = nanos;
    }

    /** The token. Makes a call, which counts against no limit, when it has to be fetched. */
    synchronized String current() {
        String known = token;
        return known == null || nanos.getAsLong() - renewAt >= 0 ? fetch() : known;
    }

    /** Drops the token that was refused, unless another has come meanwhile. */
    synchronized void drop(String refused) {
        if (refused.equals(token)) {
            token = null;
        }
    }

    private String fetch() {
        long asked = nanos.getAsLong();
        token = null;
        Given answer = given(demand.get());
        Duration life = life(answer.expiresIn());
        Duration early = life.dividedBy(5);
        early = early.compareTo(EARLIEST_RENEWAL) > 0 ? EARLIEST_RENEWAL : early;
        renewAt = asked + life.minus(early).toNanos();
        token = answer.token();
        return answer.token();
    }

    private record Given(String token, JsonNode expiresIn) {}

    /** Without a token no call can be made: whatever is wrong with the answer is not to be blamed on the one that needs it. */
    private static Given given(Answer answer) {
        if (DENIALS.contains(answer.status())) {
            throw new PlatformFailure(PlatformFailure.Kind.CREDENTIALS, "CREDENTIALS_REFUSED " + answer.status());
        }
        try {
            JsonNode content = CampaignJson.object(answer.content());
            return new Given(CampaignJson.word(content, "access_token"), content.path("expires_in"));
        } catch (PlatformFailure wrong) {
            throw wrong.isPassing()
                    ? wrong
                    : new PlatformFailure(PlatformFailure.Kind.UNAVAILABLE, "NO_TOKEN: " + wrong.reason(), wrong);
        }
    }

    private static Duration life(JsonNode expiresIn) {
        boolean sensible = expiresIn.isNumber() && expiresIn.doubleValue() >= 1;
        return sensible
                ? Duration.ofSeconds((long) Math.min(expiresIn.doubleValue(), (double) LONGEST_LIFE.toSeconds()))
                : USUAL_LIFE;
    }
}

package dev.outboxsync.campaign.platform;

import java.time.Duration;
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
        JsonNode answer = CampaignJson.object(demand.get().content());
        String fresh = CampaignJson.word(answer, "access_token");
        Duration life = life(answer.path("expires_in"));
        Duration early = life.dividedBy(5);
        early = early.compareTo(EARLIEST_RENEWAL) > 0 ? EARLIEST_RENEWAL : early;
        renewAt = asked + life.minus(early).toNanos();
        token = fresh;
        return fresh;
    }

    private static Duration life(JsonNode expiresIn) {
        boolean sensible = expiresIn.isNumber() && expiresIn.doubleValue() >= 1;
        return sensible
                ? Duration.ofSeconds((long) Math.min(expiresIn.doubleValue(), (double) LONGEST_LIFE.toSeconds()))
                : USUAL_LIFE;
    }
}

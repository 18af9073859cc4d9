package dev.outboxsync.steering;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret of those who may steer. Shown nowhere. Safe for use by many threads. */
final class SteeringToken {
    static final String MAKE_ONE = "Set it to a long random word, e.g. the output of: openssl rand -hex 32";

    private static final String SCHEME = "Bearer ";

    /** What is shorter can be tried out: at two thousand requests a second, eight letters in a year. */
    private static final int SHORTEST = 16;

    private final byte[] secret;

    private SteeringToken(String secret, String source) {
        if (!secret.matches("[\\x21-\\x7e]+")) {
            throw new StartRefused(
                    "The token in " + source + " is not one word of visible ASCII characters.", MAKE_ONE);
        }
        if (secret.length() < SHORTEST) {
            throw new StartRefused(
                    "The token in " + source + " is too short: it has fewer than " + SHORTEST + " characters.",
                    MAKE_ONE);
        }
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A token that somebody has chosen.
     *
     * @param source where it stands, for a refusal
     * @throws StartRefused if it is none, or one that can be guessed
     */
    static SteeringToken of(String secret, String source) {
        return new SteeringToken(secret, source);
    }

    /** Whether the value of an {@code Authorization} header carries the token. Takes as long for any wrong one. */
    boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(secret, given);
    }
}

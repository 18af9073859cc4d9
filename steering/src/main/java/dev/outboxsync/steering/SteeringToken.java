package dev.outboxsync.steering;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret of those who may steer. Shown nowhere. Safe for use by many threads. */
final class SteeringToken {
    private static final Logger LOG = LoggerFactory.getLogger(SteeringToken.class);
    private static final String SCHEME = "Bearer ";
    private static final int RANDOM_BYTES = 32;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final byte[] secret;

    private SteeringToken(String secret, String source) {
        if (!secret.matches("[\\x21-\\x7e]+")) {
            throw new StartRefused(
                    "The token in " + source + " is not one word of visible ASCII characters.",
                    "Set it to a long random word, e.g. the output of: openssl rand -hex 32");
        }
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    }

    /** The token as the configuration gives it. */
    static SteeringToken of(String secret) {
        return new SteeringToken(secret, "SYNC_TOKEN");
    }

    /**
     * The token that this file holds; made at random, for its owner's eyes only, if there is no file. Services that do
     * so at once end with the same token.
     *
     * @throws StartRefused if others may read the file, or it can be neither read nor made
     */
    static SteeringToken in(Path file) {
        Path place = file.toAbsolutePath().normalize();
        try {
            if (Files.notExists(place)) {
                make(place);
            }
            demandPrivate(place);
            LOG.info("The token for requests that steer is the content of {}", place);
            return new SteeringToken(Files.readString(place).strip(), place.toString());
        } catch (IOException e) {
            throw new StartRefused(
                    "The token file " + place + " can be neither read nor made: " + e,
                    "Set SYNC_TOKEN, or SYNC_TOKEN_FILE to a file that this service's user may read or make.");
        }
    }

    /** Whether the value of an {@code Authorization} header carries the token. Takes as long for any wrong one. */
    boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(secret, given);
    }

    /** Written beside its place and linked to it when it is whole: the first one wins, nobody reads half a token. */
    private static void make(Path place) throws IOException {
        Path folder = Files.createDirectories(place.getParent());
        Path unfinished = Files.createTempFile(
                folder,
                place.getFileName().toString(),
                ".unfinished",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(unfinished, random() + "\n");
            Files.createLink(place, unfinished);
        } catch (FileAlreadyExistsException another) {
            LOG.info("Another service has made {} at the same moment", place);
        } finally {
            Files.delete(unfinished);
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void demandPrivate(Path place) throws IOException {
        Set<PosixFilePermission> rights = EnumSet.copyOf(OF_OTHERS);
        rights.retainAll(Files.getPosixFilePermissions(place));
        if (!rights.isEmpty()) {
            throw new StartRefused(
                    "The token file " + place + " is open to others than its owner.",
                    "Make a new token, for this one may be known: delete the file, or write another token into it and"
                            + " run chmod 600 on it.");
        }
    }
}

package dev.outboxsync.steering;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that holds the token, for its owner's eyes only. */
final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final int RANDOM_BYTES = 32;
    private static final int LARGEST = 4096;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final Path place;

    private TokenFile(Path place) {
        this.place = place.toAbsolutePath().normalize();
    }

    /** @throws StartRefused if no file can have this name */
    static TokenFile named(String name) {
        try {
            return new TokenFile(Path.of(name));
        } catch (InvalidPathException impossible) {
            throw new StartRefused("SYNC_TOKEN_FILE is not the name of a file.", "Set it to one, or set SYNC_TOKEN.");
        }
    }

    /**
     * The token that the file holds; made at random if there is no file. Services that do so at once end with the same
     * token.
     *
     * @throws StartRefused if the file can be neither read nor made, or is not such that nobody else can know the token
     */
    SteeringToken token() {
        try {
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                make();
            }
            demandOwnFile();
            String secret = new String(Files.readAllBytes(place), StandardCharsets.ISO_8859_1).strip();
            if (secret.isEmpty()) {
                throw refused("is empty.", "Delete it: at the next start a new one is made. Or write a token into it.");
            }
            SteeringToken token = SteeringToken.of(secret, place.toString());
            LOG.info("The token for requests that steer is the content of {}", place);
            return token;
        } catch (IOException e) {
            throw refused(
                    "can be neither read nor made: " + e,
                    "Set SYNC_TOKEN, or SYNC_TOKEN_FILE to a file that this service's user may read or make.");
        }
    }

    /** Written beside its place and linked to it when it is whole: the first one wins, nobody reads half a token. */
    private void make() throws IOException {
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

    /** What a link leads to may be another file tomorrow, and a device or a pipe may never end. */
    private void demandOwnFile() throws IOException {
        if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(
                    "is a link, a folder or a device, not a plain file.",
                    "Set SYNC_TOKEN_FILE to the plain file that holds the token, or set SYNC_TOKEN.");
        }
        Set<PosixFilePermission> rights = EnumSet.copyOf(OF_OTHERS);
        rights.retainAll(Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS));
        if (!rights.isEmpty()) {
            throw refused(
                    "is open to others than its owner.",
                    "Make a new token, for this one may be known: delete the file, or write another token into it and"
                            + " run chmod 600 on it.");
        }
        if (Files.size(place) > LARGEST) {
            throw refused("is far too large for a token.", "Set SYNC_TOKEN_FILE to the file that holds the token.");
        }
    }

    private StartRefused refused(String reason, String cure) {
        return new StartRefused("The token file " + place + " " + reason, cure);
    }
}

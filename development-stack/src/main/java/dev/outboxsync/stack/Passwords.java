package dev.outboxsync.stack;

import java.security.SecureRandom;
import java.util.Base64;

/** Secrets made up on this machine. */
final class Passwords {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 24;

    private Passwords() {}

    /** 192 random bits as letters, digits, {@code -} and {@code _}: needs no quoting in SQL, a shell or a URL. */
    static String generate() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

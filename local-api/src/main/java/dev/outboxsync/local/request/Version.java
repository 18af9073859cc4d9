package dev.outboxsync.local.request;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What a record held, as an entity tag: another tag for another content, whoever wrote it, and the same one for as long as
 * its columns stay the same. How far its sync has come is no part of it.
 */
public record Version(String tag) {
    private static final int SHOWN_BYTES = 16;

    /** Of a record with these columns, in this order. */
    public static Version of(@Nullable Object... columns) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Arrays.deepToString(columns).getBytes(StandardCharsets.UTF_8));
            return new Version('"' + HexFormat.of().formatHex(digest, 0, SHOWN_BYTES) + '"');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Sends the tag with the answer, past Spring: it would answer 304 to a client that has the record, and so keep from it
     * that the record has become SYNCED.
     */
    public void showIn(HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, tag);
    }
}

package dev.outboxsync.steering.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.ErrorResponseException;

/**
 * How much of a body is taken, and for how long it is waited for. The container's time-out starts anew with every octet: a
 * client that sends one every few seconds would hold a thread for days.
 *
 * @param largest what is larger is refused
 * @param longestUpload when the last octet must have come; long for slow links, short lest threads be held
 */
record BodyLimits(DataSize largest, Duration longestUpload) {
    /** So much more is read of what is refused, or the client's connection breaks before it has seen the answer. */
    private static final int DRAINED = 256 * 1024;

    private static final int CHUNK = 8 * 1024;

    /**
     * The whole body.
     *
     * @throws ErrorResponseException 413 or 408 for a body over the limits, 400 for one that cannot be JSON in UTF-8
     */
    byte[] read(HttpServletRequest request) throws IOException {
        boolean asksFirst = request.getHeader(HttpHeaders.EXPECT) != null;
        if (asksFirst && request.getContentLengthLong() > largest.toBytes()) {
            throw tooLarge();
        }
        long started = System.nanoTime();
        var body = new ByteArrayOutputStream();
        var chunk = new byte[CHUNK];
        long total = 0;
        try {
            InputStream stream = request.getInputStream();
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                total += read;
                demandInTime(started);
                if (total > largest.toBytes() + DRAINED) {
                    break;
                }
                body.write(chunk, 0, total > largest.toBytes() ? 0 : read);
            }
        } catch (IOException failure) {
            boolean silence = NestedExceptionUtils.getMostSpecificCause(failure) instanceof SocketTimeoutException;
            if (silence) {
                throw tooSlow();
            }
            throw failure;
        }
        if (total > largest.toBytes()) {
            throw tooLarge();
        }
        return plain(body.toByteArray());
    }

    /**
     * Valid JSON in UTF-8 holds no NUL, and in UTF-16 or UTF-32, which the parser would take too, always some. The parser also
     * takes what only looks like UTF-8: overlong forms, halves of surrogate pairs.
     */
    private static byte[] plain(byte[] body) {
        for (byte octet : body) {
            if (octet == 0) {
                throw Problems.of(HttpStatus.BAD_REQUEST, Problems.NOT_JSON);
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException noUtf8) {
            throw Problems.of(HttpStatus.BAD_REQUEST, Problems.NOT_JSON);
        }
        return body;
    }

    private void demandInTime(long started) {
        if (System.nanoTime() - started > longestUpload.toNanos()) {
            throw tooSlow();
        }
    }

    private ErrorResponseException tooLarge() {
        return Problems.of(
                HttpStatus.CONTENT_TOO_LARGE, "The body is too large. Send at most " + largest.toBytes() + " bytes.");
    }

    private static ErrorResponseException tooSlow() {
        return Problems.of(HttpStatus.REQUEST_TIMEOUT, Problems.TOO_SLOW);
    }
}

package dev.outboxsync.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The records that freeze the formats: sites and centres of different releases read each other's. */
final class Golden {
    static final String CHANGE_EVENT = read("change-event.json");
    static final String ACKNOWLEDGEMENT = read("acknowledgement.json");
    static final String HELLO = read("hello.json");
    static final String HELLO_ANSWER = read("hello-answer.json");

    private Golden() {}

    private static String read(String file) {
        try (InputStream content = Objects.requireNonNull(Golden.class.getResourceAsStream(file))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The record without one of its fields, or with another value for it. */
    static String with(String golden, String field, String value) {
        String name = "\"" + field + "\":";
        int start = golden.indexOf(name) + name.length();
        int end = start;
        for (int depth = 0; depth > 0 || ",}".indexOf(golden.charAt(end)) < 0; end++) {
            depth += "[{".indexOf(golden.charAt(end)) >= 0 ? 1 : 0;
            depth -= "]}".indexOf(golden.charAt(end)) >= 0 ? 1 : 0;
        }
        return golden.substring(0, start) + value + golden.substring(end);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.outboxsync.central.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record made from one of the contract's, with something wrong in it: a value, a field, some octets, its charset, or all of
 * it; under whatever key, with whatever headers.
 *
 * @param value null is a tombstone
 */
record FuzzedRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "NaN",
            "9223372036854775807",
            "9223372036854775808",
            "\"\"",
            "\" \"",
            "\"1\"",
            "\"users\"",
            "\"users \"",
            "\"USERS\"",
            "\"mysql.user\"",
            "\"orders; DROP TABLE users\"",
            "\"sync_site\"",
            "\"`users`\"",
            "\"UPSERT\"",
            "\"insert\"",
            "\"TRUNCATE\"",
            "\"DELETE\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"' OR 1=1 --\"",
            "\"\\\\\"",
            "\"site-9\"",
            "\"2026-02-30T25:61:00Z\"",
            "\"12.345\"",
            "\"1e400\"",
            "\"NaN\"",
            "\"12345678901234567.89\"",
            "[]",
            "{}",
            "[[[[]]]]",
            "{\"id\":\"1\"}",
            "{\"id\":null}",
            "{\"`id`\":\"1\"}",
            "\"" + "x".repeat(300) + "\"",
            "\"" + "x".repeat(20_000) + "\"",
            "9".repeat(600),
            "nonsense");
    private static final List<String> FIELDS = List.of(
            "v",
            "site",
            "epoch",
            "sequence",
            "table",
            "operation",
            "record_id",
            "captured_at",
            "row",
            "id",
            "name",
            "email",
            "user_id",
            "amount",
            "status",
            "updated_at",
            "hello",
            "seen",
            "x");
    private static final List<String> OCTETS = List.of(
            "\u0000",
            "\u00ff",
            "\u00c0\u00af",
            "\u00ef\u00bb\u00bf",
            "\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\\",
            "\n",
            "\r",
            " ",
            "0",
            "-",
            "e",
            "\u007f");

    /** @param good a record's value that the centre would apply */
    static FuzzedRecord of(byte[] good, Random random) {
        String text = new String(good, StandardCharsets.ISO_8859_1);
        byte @Nullable [] value = switch (random.nextInt(14)) {
            case 0 -> noise(random);
            case 1 -> random.nextInt(4) == 0 ? null : new byte[0];
            case 2 -> new String(good, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
            case 3 -> octets("[".repeat(1 + random.nextInt(20_000)));
            case 4, 5, 6, 7, 8 -> octets(otherValue(text, random));
            case 9 -> octets(text.replace("\"" + any(FIELDS, random) + "\":", "\"" + any(FIELDS, random) + "\":"));
            case 10 -> octets(text + any(VALUES, random));
            default -> octets(otherOctets(text, random));
        };
        byte @Nullable [] key =
                random.nextInt(3) == 0 ? null : random.nextBoolean() ? octets("users/1") : noise(random);
        return new FuzzedRecord(key, value, headers(random));
    }

    private static List<Header> headers(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new RecordHeader("__TypeId__", octets("java.lang.ProcessBuilder")));
            case 1 -> List.of(new RecordHeader("traceparent", noise(random)), new RecordHeader("", null));
            case 2 -> Arrays.asList(new Header[] {new RecordHeader("springDeserializerExceptionValue", noise(random))});
            default -> List.of();
        };
    }

    /** One value of the object, or of its row, replaced; or the member taken away. */
    private static String otherValue(String text, Random random) {
        String member = "\"" + any(FIELDS, random) + "\":(\"[^\"]*\"|[-0-9.]+|\\{[^}]*})";
        String[] around = text.split(member, 2);
        if (around.length < 2) {
            return text.replaceFirst("^\\{", "{\"" + any(FIELDS, random) + "\":0,");
        }
        String name = text.substring(around[0].length()).replaceFirst("(?s):.*", "");
        return around[0] + (random.nextInt(5) == 0 ? "" : name + ":" + any(VALUES, random)) + around[1];
    }

    private static String otherOctets(String text, Random random) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(12));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(from);
            default -> text.substring(0, from) + any(OCTETS, random) + text.substring(from);
        };
    }

    private static byte[] noise(Random random) {
        var noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}

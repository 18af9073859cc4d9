package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.INSERT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloJson;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Whatever is written to a site's topic, the lane goes on, and nothing disappears without a trace. */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class PoisonTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final CentralMySql MY_SQL = new CentralMySql();
    private static TestSite site;
    private static RunningCentre centre;
    private static long next = 1;

    @BeforeAll
    static void start() {
        site = TestSite.withTopics();
        centre = RunningCentre.on(MY_SQL.database(), "poison-" + UUID.randomUUID());
        await().atMost(LIMIT).until(centre::isReady);
    }

    @AfterAll
    static void stop() {
        centre.close();
        site.close();
        MY_SQL.close();
    }

    /** As the relay would have written it. */
    private static String event(long sequence) {
        return new String(site.changes.user(sequence, INSERT, sequence, "Ann"), UTF_8);
    }

    /** What follows the poison is applied. */
    private static void awaitThatTheLaneGoesOn() {
        long sequence = sendBehind();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(sequence));
    }

    /** All that is sent, one by one, each with a change behind it; whoever comes last awaits the end. */
    private static Stream<Arguments> sent(Stream<Arguments> cases, Function<Object[], Arguments> send) {
        List<Arguments> sent = cases.map(one -> send.apply(one.get())).toList();
        awaitThatTheLaneGoesOn();
        return sent.stream();
    }

    /** Sends a change that nothing is wrong with; it has to be applied like any other. */
    private static long sendBehind() {
        long sequence = next++;
        site.send(site.changes.user(sequence, INSERT, sequence, "Behind"));
        return sequence;
    }

    private static String quarantined(byte[] value) {
        return MY_SQL.quarantined(value);
    }

    static Stream<Arguments> bytes() {
        var random = new byte[300];
        new Random(6).nextBytes(random);
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("a tombstone", null),
                Arguments.of("one zero byte", new byte[] {0}),
                Arguments.of("random bytes", random),
                Arguments.of(
                        "half a surrogate pair in UTF-8", new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}),
                Arguments.of("blanks", " \n\t ".getBytes(UTF_8)),
                Arguments.of("900 kB of garbage", "garbage ".repeat(112_500).getBytes(UTF_8)),
                Arguments.of("a page of HTML", "<html><body>502 Bad Gateway</body></html>".getBytes(UTF_8)),
                Arguments.of("an Avro record of a schema registry", new byte[] {0, 0, 0, 0, 7, 2, 6, 'A', 'n', 'n'}),
                Arguments.of("an array", "[{\"sequence\":7}]".getBytes(UTF_8)),
                Arguments.of("a number", "42".getBytes(UTF_8)),
                Arguments.of("null", "null".getBytes(UTF_8)),
                Arguments.of("endless nesting", "[".repeat(400_000).getBytes(UTF_8)),
                Arguments.of(
                        "endless nesting of objects", "{\"a\":".repeat(150_000).getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentBytes")
    void what_is_no_object_is_quarantined(String name, byte[] value, long behind) {
        assertThat(quarantined(value)).isEqualTo("MALFORMED");
        assertThat(site.applied()).contains(behind);
    }

    static Stream<Arguments> sentBytes() {
        return sent(bytes(), one -> {
            site.send((byte[]) one[1]);
            return Arguments.of(one[0], one[1], sendBehind());
        });
    }

    /**
     * Edits of a record that the relay has written: what is replaced and by what, where {@code @} is the sequence; the
     * reason; whether the site is told.
     */
    static Stream<Arguments> edits() {
        return Stream.of(
                edit("two documents", "}}", "}}{}", "MALFORMED"),
                edit("a document and more", "}}", "}} x", "MALFORMED"),
                edit("a comma too many", "}}", "},}", "MALFORMED"),
                edit("a comment", "{\"v\"", "/* */{\"v\"", "MALFORMED", false),
                edit("no quotes", "\"table\"", "table", "MALFORMED", false),
                edit("single quotes", "\"table\"", "'table'", "MALFORMED", false),
                edit("not a number", "\"row\":", "\"x\":NaN,\"row\":", "MALFORMED"),
                edit("a leading zero", "\"epoch\":1", "\"epoch\":01", "MALFORMED", false),
                edit("a raw newline in a text", "Ann", "A\nnn", "MALFORMED"),
                edit("the sequence twice", "\"row\":", "\"sequence\":1,\"row\":", "MALFORMED", false),
                edit("a column twice", "\"row\":{", "\"row\":{\"name\":\"x\",", "MALFORMED"),
                edit("a name twice, once escaped", "\"row\":", "\"\\u0074able\":\"users\",\"row\":", "MALFORMED"),
                edit("a name of 60,000 letters", "\"row\":", "\"" + "n".repeat(60_000) + "\":1,\"row\":", "MALFORMED"),
                edit("a number of 5,000 digits", "\"row\":", "\"x\":" + "9".repeat(5_000) + ",\"row\":", "MALFORMED"),
                edit(
                        "deep nesting beside it",
                        "\"row\":",
                        "\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + ",\"row\":",
                        "MALFORMED"),
                edit("version 0", "\"v\":1", "\"v\":0", "UNSUPPORTED_VERSION v"),
                edit("version 2", "\"v\":1", "\"v\":2", "UNSUPPORTED_VERSION v"),
                edit("version as text", "\"v\":1", "\"v\":\"1\"", "UNSUPPORTED_VERSION v"),
                edit("version 1.0", "\"v\":1", "\"v\":1.0", "UNSUPPORTED_VERSION v"),
                edit("version 1e0", "\"v\":1", "\"v\":1e0", "UNSUPPORTED_VERSION v"),
                edit("version 10^400", "\"v\":1", "\"v\":1" + "0".repeat(400), "UNSUPPORTED_VERSION v"),
                edit("no version", "\"v\":1,", "", "UNSUPPORTED_VERSION v"),
                edit("version in capitals", "\"v\":1", "\"V\":1", "UNSUPPORTED_VERSION v"),
                edit("no site", "\"site\":", "\"s\":", "WRONG_FIELD site"),
                edit("an empty site", "@SITE", "", "WRONG_FIELD site", false),
                edit("a site in capitals", "@SITE", "SITE-1", "WRONG_FIELD site", false),
                edit("a site of 10 kB", "@SITE", "s".repeat(10_000), "WRONG_FIELD site", false),
                edit("another site", "@SITE", "site-of-another", "UNKNOWN_SITE site", false),
                edit("a longer site", "@SITE", "@SITE-0", "UNKNOWN_SITE site", false),
                edit("epoch 0", "\"epoch\":1", "\"epoch\":0", "WRONG_FIELD epoch", false),
                edit("epoch 2^31", "\"epoch\":1", "\"epoch\":2147483648", "WRONG_FIELD epoch", false),
                edit("the last epoch there is", "\"epoch\":1", "\"epoch\":2147483647", "WRONG_FIELD epoch", false),
                edit("an epoch far ahead", "\"epoch\":1", "\"epoch\":10002", "WRONG_FIELD epoch", false),
                edit("epoch of 1,000 digits", "\"epoch\":1", "\"epoch\":" + "9".repeat(1_000), "WRONG_FIELD epoch"),
                edit("epoch 1e0", "\"epoch\":1", "\"epoch\":1e0", "WRONG_FIELD epoch"),
                edit("epoch null", "\"epoch\":1", "\"epoch\":null", "WRONG_FIELD epoch"),
                edit("sequence 0", "\"sequence\":@", "\"sequence\":0", "WRONG_FIELD sequence", false),
                edit("a negative sequence", "\"sequence\":@", "\"sequence\":-@", "WRONG_FIELD sequence", false),
                edit(
                        "sequence 2^63",
                        "\"sequence\":@",
                        "\"sequence\":9223372036854775808",
                        "WRONG_FIELD sequence",
                        false),
                edit("a sequence as text", "\"sequence\":@", "\"sequence\":\"@\"", "WRONG_FIELD sequence", false),
                edit("a sequence with decimals", "\"sequence\":@", "\"sequence\":@.0", "WRONG_FIELD sequence", false),
                edit("no sequence", "\"sequence\":@,", "", "WRONG_FIELD sequence", false),
                edit("no table", "\"table\":\"users\",", "", "WRONG_FIELD table"),
                edit("an empty table", "\"users\"", "\"\"", "WRONG_FIELD table"),
                edit("a table of 65 letters", "\"users\"", "\"" + "t".repeat(65) + "\"", "WRONG_FIELD table"),
                edit("tables", "\"users\"", "[\"users\"]", "WRONG_FIELD table"),
                edit("UPSERT", "INSERT", "UPSERT", "WRONG_FIELD operation"),
                edit("insert", "INSERT", "insert", "WRONG_FIELD operation"),
                edit("TRUNCATE", "INSERT", "TRUNCATE", "WRONG_FIELD operation"),
                edit("no operation", "\"INSERT\"", "\"\"", "WRONG_FIELD operation"),
                edit("an operation and a blank", "INSERT", "INSERT ", "WRONG_FIELD operation"),
                edit("record_id empty", "\"record_id\":\"@\"", "\"record_id\":\"\"", "WRONG_FIELD record_id"),
                edit("record_id a number", "\"record_id\":\"@\"", "\"record_id\":@", "WRONG_FIELD record_id"),
                edit(
                        "record_id of 256 letters",
                        "\"record_id\":\"@\"",
                        "\"record_id\":\"" + "i".repeat(256) + "\"",
                        "WRONG_FIELD record_id"),
                edit(
                        "half a surrogate pair in record_id",
                        "\"record_id\":\"@\"",
                        "\"record_id\":\"\\ud83d\"",
                        "WRONG_FIELD record_id"),
                edit("yesterday", "2026-11-23T06:00:00.123456Z", "yesterday", "WRONG_FIELD captured_at"),
                edit("no zone", "00.123456Z", "00.123456", "WRONG_FIELD captured_at"),
                edit(
                        "the 30th of February",
                        "2026-11-23T06:00:00.123456Z",
                        "2026-02-30T06:00:00Z",
                        "WRONG_FIELD captured_at"),
                edit("the year 999", "2026-11-23T06:00:00.123456Z", "0999-01-01T00:00:00Z", "WRONG_FIELD captured_at"),
                edit(
                        "the year 10000",
                        "2026-11-23T06:00:00.123456Z",
                        "+10000-01-01T00:00:00Z",
                        "WRONG_FIELD captured_at"),
                edit(
                        "the year 999999",
                        "2026-11-23T06:00:00.123456Z",
                        "+999999-01-01T00:00:00Z",
                        "WRONG_FIELD captured_at"),
                edit("the year 0", "2026-11-23T06:00:00.123456Z", "0000-01-01T00:00:00Z", "WRONG_FIELD captured_at"),
                edit(
                        "a year before Christ",
                        "2026-11-23T06:00:00.123456Z",
                        "-0044-03-15T00:00:00Z",
                        "WRONG_FIELD captured_at"),
                edit(
                        "milliseconds since 1970",
                        "\"2026-11-23T06:00:00.123456Z\"",
                        "1764000000000",
                        "WRONG_FIELD captured_at"),
                edit("no row", "\"row\":", "\"now\":", "WRONG_FIELD row"),
                edit("a nested row", "\"Ann\"", "{\"first\":\"Ann\"}", "WRONG_FIELD row"),
                edit("a true value", "\"Ann\"", "true", "WRONG_FIELD row"),
                edit("half a surrogate pair in a row", "Ann", "\\udc00", "WRONG_FIELD row"));
    }

    private static Arguments edit(String name, String from, String to, String reason) {
        return edit(name, from, to, reason, true);
    }

    private static Arguments edit(String name, String from, String to, String reason, boolean told) {
        return Arguments.of(name, from, to, reason, told);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentEdits")
    void what_is_no_change_event_is_quarantined_and_its_site_told(
            String name, long sequence, byte[] value, String reason, boolean told) {
        String detail = reason.substring(Math.max(reason.indexOf(' '), 0)).strip();

        assertThat(quarantined(value)).isEqualTo(reason);
        assertThat(site.refused().get(sequence))
                .isEqualTo(told ? "MALFORMED" + (reason.contains(" ") ? " " + detail : "") : null);
        assertThat(MY_SQL.users()).doesNotContainKey(String.valueOf(sequence));
        assertThat(site.applied()).contains(sequence + 1);
    }

    static Stream<Arguments> sentEdits() {
        return sent(edits(), one -> {
            long sequence = next++;
            byte[] value = edited(sequence, (String) one[1], (String) one[2]).getBytes(UTF_8);
            site.send(value);
            sendBehind();
            return Arguments.of(one[0], sequence, value, one[3], one[4]);
        });
    }

    private static String edited(long sequence, String from, String to) {
        String wanted = from.replace("@SITE", site.site.name()).replace("@", String.valueOf(sequence));
        String event = event(sequence);
        assertThat(event).contains(wanted);
        return event.replace(wanted, to.replace("@SITE", site.site.name()).replace("@", String.valueOf(sequence)));
    }

    /** Well-formed, and wrong: refused with a reason, by its sequence. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("\"users\"", "\"users; DROP TABLE users\"", "UNKNOWN_TABLE users; DROP TABLE users"),
                Arguments.of("\"users\"", "\"mysql.user\"", "UNKNOWN_TABLE mysql.user"),
                Arguments.of("\"users\"", "\"USERS\"", "UNKNOWN_TABLE USERS"),
                Arguments.of("\"users\"", "\"users \"", "UNKNOWN_TABLE users "),
                Arguments.of("\"users\"", "\"sync_version\"", "UNKNOWN_TABLE sync_version"),
                Arguments.of("\"users\"", "\"us\\r\\ners\\u001b[31m\"", "UNKNOWN_TABLE us??ers?[31m"),
                Arguments.of("\"name\":", "\"name`\":", "UNKNOWN_COLUMN users.name`"),
                Arguments.of("\"name\":", "\"na\\nme\":", "UNKNOWN_COLUMN users.na?me"),
                Arguments.of("\"row\":{\"id\":\"@\",", "\"row\":{", "UNKNOWN_COLUMN users.id"),
                Arguments.of("\"row\":{\"id\":\"@\"", "\"row\":{\"id\":null", "INVALID_VALUE users.id"),
                Arguments.of("\"record_id\":\"@\"", "\"record_id\":\"1@\"", "INVALID_VALUE users.id"),
                Arguments.of("\"record_id\":\"@\"", "\"record_id\":\"@ \"", "INVALID_VALUE users.id"),
                Arguments.of("\"record_id\":\"@\"", "\"record_id\":\"0@\"", "INVALID_VALUE users.id"),
                Arguments.of("Ann", "x".repeat(201), "TOO_LONG users.name"),
                Arguments.of("Ann", "x".repeat(900_000), "TOO_LONG users.name"),
                Arguments.of("\"Ann\"", "null", "INVALID_VALUE users.name"),
                Arguments.of("2026-11-23T06:00:00.120000", "2026-02-30T06:00:00", "INVALID_VALUE users.updated_at"),
                Arguments.of("00.120000", "00.1200004", "INVALID_VALUE users.updated_at"),
                Arguments.of("INSERT", "SWEEP", "INVALID_VALUE users"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("sentRefusals")
    void what_the_database_cannot_take_is_refused(long sequence, String refusal) {
        assertThat(site.refused().get(sequence)).isEqualTo(refusal);
        assertThat(MY_SQL.users()).doesNotContainKey(String.valueOf(sequence));
        assertThat(site.applied()).contains(sequence + 1);
    }

    static Stream<Arguments> sentRefusals() {
        return sent(refusals(), one -> {
            long sequence = next++;
            site.send(edited(sequence, (String) one[0], (String) one[1]).getBytes(UTF_8));
            sendBehind();
            return Arguments.of(sequence, one[2]);
        });
    }

    @ParameterizedTest
    @MethodSource("sentAmounts")
    void an_amount_is_exact_or_refused(String amount, long user, long sequence, String inDatabase) {
        assertThat(site.refused().containsKey(sequence)).isEqualTo(inDatabase.isEmpty());
        assertThat(MY_SQL.orders().getOrDefault(String.valueOf(sequence), ""))
                .isEqualTo(inDatabase.isEmpty() ? "" : user + " " + inDatabase + " NEW");
    }

    static Stream<Arguments> sentAmounts() {
        return sent(amounts(), one -> {
            long user = sendBehind();
            long sequence = next++;
            String order = new String(site.changes.order(sequence, INSERT, sequence, user, "1.00", "NEW"), UTF_8);
            site.send(order.replace("\"1.00\"", (String) one[0]).getBytes(UTF_8));
            return Arguments.of(one[0], user, sequence, one[1]);
        });
    }

    static Stream<Arguments> amounts() {
        return Stream.of(
                Arguments.of("\"9999999999.99\"", "9999999999.99"),
                Arguments.of("0.1", "0.10"),
                Arguments.of("\"12.345\"", ""),
                Arguments.of("1e400", ""),
                Arguments.of("\"NaN\"", ""),
                Arguments.of("12345678901234567.89", ""),
                Arguments.of("\"\"", ""),
                Arguments.of("\"1,50\"", ""),
                Arguments.of("\"1.00 EUR\"", ""));
    }

    /** What surrounds the value decides nothing. */
    static Stream<Arguments> surroundings() {
        byte[] user = "users/1".getBytes(UTF_8);
        List<Header> flood = Stream.<Header>generate(() -> new RecordHeader("x", new byte[20]))
                .limit(10_000)
                .toList();
        return Stream.of(
                Arguments.of("no key", null, List.of(), Map.of()),
                Arguments.of("an empty key", new byte[0], List.of(), Map.of()),
                Arguments.of("another record's key", user, List.of(), Map.of()),
                Arguments.of("a key of a HELLO", Hello.KEY.getBytes(UTF_8), List.of(), Map.of()),
                Arguments.of("a binary key of 100 kB", new byte[100_000], List.of(), Map.of()),
                Arguments.of(
                        "a header that names a Java class",
                        user,
                        List.of(new RecordHeader("__TypeId__", "java.lang.ProcessBuilder".getBytes(UTF_8))),
                        Map.of()),
                Arguments.of(
                        "a header of a deserializer's failure",
                        user,
                        List.of(new RecordHeader(
                                "springDeserializerExceptionValue", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5})),
                        Map.of()),
                Arguments.of("10,000 headers", user, flood, Map.of()),
                Arguments.of("headers without name and value", user, List.of(new RecordHeader("", null)), Map.of()),
                Arguments.of("gzip", user, List.of(), Map.of("compression.type", "gzip")),
                Arguments.of("snappy", user, List.of(), Map.of("compression.type", "snappy")),
                Arguments.of("lz4", user, List.of(), Map.of("compression.type", "lz4")),
                Arguments.of("zstd", user, List.of(), Map.of("compression.type", "zstd")),
                Arguments.of("no idempotence", user, List.of(), Map.of("enable.idempotence", false, "acks", "0")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("surroundings")
    void the_value_alone_decides(String name, byte[] key, List<Header> headers, Map<String, Object> settings) {
        long sequence = next++;
        byte[] event = event(sequence).getBytes(UTF_8);
        byte[] poison = ("{" + name + "}").getBytes(UTF_8);
        site.send(settings, new ProducerRecord<>(site.site.changesTopic(), 0, 0L, key, event, headers));
        site.send(settings, new ProducerRecord<>(site.site.changesTopic(), 0, 0L, key, poison, headers));

        awaitThatTheLaneGoesOn();

        assertThat(site.applied()).contains(sequence);
        assertThat(quarantined(poison)).isEqualTo("MALFORMED");
    }

    /** Kafka looks at what is compressed. */
    @Test
    void a_record_that_swells_to_40_mb_is_kept_in_part_and_holds_nothing_up() {
        byte[] swollen = new byte[40 * 1024 * 1024];
        site.send(
                Map.of("compression.type", "gzip", "max.request.size", 50_000_000, "buffer.memory", 100_000_000L),
                new ProducerRecord<>(site.site.changesTopic(), swollen));
        awaitThatTheLaneGoesOn();

        assertThat(quarantined(Arrays.copyOf(swollen, 1024 * 1024))).isEqualTo("TOO_LARGE first 1048576 bytes kept");
    }

    @Test
    void headers_that_swell_to_40_mb_are_left_out_and_hold_nothing_up() {
        long sequence = next++;
        byte[] event = event(sequence).getBytes(UTF_8);
        List<Header> headers = List.of(
                new RecordHeader("small", new byte[10]), new RecordHeader("swollen", new byte[40 * 1024 * 1024]));
        site.send(
                Map.of("compression.type", "gzip", "max.request.size", 50_000_000, "buffer.memory", 100_000_000L),
                new ProducerRecord<>(site.site.changesTopic(), 0, 0L, new byte[0], event, headers));
        awaitThatTheLaneGoesOn();

        assertThat(quarantined(event)).isEqualTo("TOO_LARGE first 1048576 bytes kept");
        assertThat(site.applied()).doesNotContain(sequence);
    }

    /** Kafka hands out a megabyte at a time, as it is compressed. */
    @Test
    void many_records_that_swell_to_a_gigabyte_together_come_a_few_at_a_time() {
        String padding = "\"padding\":\"" + "x".repeat(1_000_000) + "\",\"row\":";
        List<Long> sequences = LongStream.range(next, next + 1_000).boxed().toList();
        next += sequences.size();
        site.sendCompressed(sequences.stream()
                .map(sequence -> event(sequence).replace("\"row\":", padding).getBytes(UTF_8)));
        awaitThatTheLaneGoesOn();

        assertThat(site.applied()).containsAll(sequences);
    }

    @Test
    void what_a_transaction_aborted_is_never_seen_and_what_it_committed_is() {
        long aborted = next++;
        long committed = next++;
        site.sendInTransaction(false, event(aborted).getBytes(UTF_8), "aborted".getBytes(UTF_8));
        site.sendInTransaction(true, event(committed).getBytes(UTF_8), "committed".getBytes(UTF_8));
        awaitThatTheLaneGoesOn();

        assertThat(site.applied()).contains(committed).doesNotContain(aborted);
        assertThat(quarantined("aborted".getBytes(UTF_8))).isEmpty();
        assertThat(quarantined("committed".getBytes(UTF_8))).isEqualTo("MALFORMED");
    }

    @Test
    void other_encodings_are_quarantined_and_told_where_the_sequence_can_be_read() {
        long bom = next++;
        long latin = next++;
        long utf16 = next++;
        byte[] withBom = ("\ufeff" + event(bom)).getBytes(UTF_8);
        byte[] inLatin = event(latin).replace("Ann", "Jürgen").getBytes(ISO_8859_1);
        byte[] inUtf16 = event(utf16).getBytes(UTF_16);
        site.send(withBom, inLatin, inUtf16);
        awaitThatTheLaneGoesOn();

        assertThat(Stream.of(withBom, inLatin, inUtf16).map(PoisonTest::quarantined))
                .containsOnly("MALFORMED");
        assertThat(site.refused()).containsEntry(latin, "MALFORMED").doesNotContainKeys(bom, utf16);
    }

    @Test
    void the_last_microsecond_that_a_database_knows_is_a_time_like_any_other() {
        long sequence = next++;
        site.send(event(sequence)
                .replace("2026-11-23T06:00:00.123456Z", "9999-12-31T23:59:59.999999999Z")
                .getBytes(UTF_8));
        awaitThatTheLaneGoesOn();

        assertThat(site.applied()).contains(sequence);
    }

    @Test
    void a_broken_hello_is_quarantined_and_a_whole_one_is_answered() {
        String hello =
                new String(HelloJson.write(new Hello(site.site, 1, "f00d", new AcknowledgementId(0, ""))), UTF_8);
        List<byte[]> broken = Stream.of(
                        hello.replace("\"f00d\"", "7"),
                        hello.replace("f00d", "f".repeat(65)),
                        hello.replace("\"seen\":0", "\"seen\":-1"),
                        hello.replace("\"epoch\":1", "\"epoch\":2147483647"),
                        hello.replace("\"mark\":\"\"", "\"mark\":\"" + "m".repeat(17) + "\""))
                .map(text -> text.getBytes(UTF_8))
                .toList();
        broken.forEach(site::send);
        site.send(hello.getBytes(UTF_8));
        awaitThatTheLaneGoesOn();

        assertThat(broken.stream().map(PoisonTest::quarantined))
                .containsExactly(
                        "WRONG_FIELD hello",
                        "WRONG_FIELD hello",
                        "WRONG_FIELD seen",
                        "WRONG_FIELD epoch",
                        "WRONG_FIELD mark");
        assertThat(site.acknowledgements())
                .anyMatch(one -> one.answer() != null && one.answer().token().equals("f00d"));
    }

    @Test
    void ten_thousand_in_a_row_are_few_lines_in_the_log_and_a_matter_of_seconds(CapturedOutput output) {
        long linesBefore = linesAbout(output);
        double before = centre.counted("sync.centre.quarantined");
        long begun = System.nanoTime();
        byte[][] poison = new byte[10_000][];
        for (int i = 0; i < poison.length; i++) {
            poison[i] = ("{\"treasure\\nWARN forged\":\"ann@example.org\",\"number\":" + i).getBytes(UTF_8);
        }
        site.send(poison);
        awaitThatTheLaneGoesOn();

        assertThat(centre.counted("sync.centre.quarantined") - before).isEqualTo(10_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(45));
        assertThat(linesAbout(output) - linesBefore).isLessThan(10);
        assertThat(output.getOut())
                .doesNotContain("treasure")
                .doesNotContain("forged")
                .doesNotContain("ann@");
    }

    private static long linesAbout(CapturedOutput output) {
        return output.getOut()
                .lines()
                .filter(line -> line.contains(site.site.name()))
                .count();
    }
}

package dev.outboxsync.central;

import static dev.outboxsync.central.Changes.SITE;
import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.SWEEP;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that nothing in Java knows. */
@Tag("server-dependent")
class CentralTablesOfAnyShapeTest {
    private static final String VALUES = """
            {"id":"%d","money":"12345678901234567.89","big":"18446744073709551615","ratio":16777216,
             "day":"0999-12-31","at":"2026-11-23T06:00:00.120001","stamp":"2026-11-23T06:00:00.120000Z",
             "span":"-838:59:59","year":"2000","bits":"5","bytes":"00FF27","text":"it's \\\\ 😀","kind":"b",
             "kinds":"a,b","document":"{\\"a\\": [1, null]}","nothing":null}
            """;
    private static final String READ_VALUES = """
            SELECT id, CONCAT_WS('|', money, big, ratio + 0e0, day, at, stamp, span, year, bits + 0, HEX(bytes), text, kind,
                                 kinds, document, nothing IS NULL)
            FROM things
            """;
    private static final String EXPECTED = "12345678901234567.89|18446744073709551615|16777216|0999-12-31"
            + "|2026-11-23 06:00:00.120001|2026-11-23 06:00:00.120000|-838:59:59|2000|5|00FF27|it's \\ 😀|b|a,b"
            + "|{\"a\": [1, null]}|1";

    private final CentralMySql mySql = new CentralMySql();
    private final Changes site = Changes.of(SITE);
    private final ApplyingChanges applying = new ApplyingChanges(
            mySql.central("things", "places", "later", "keyless"), Clock.systemUTC(), new SplittableRandom(7));

    @BeforeEach
    void makeTables() {
        mySql.execute("""
                CREATE TABLE things (
                    id INT PRIMARY KEY, money DECIMAL(20, 2), big BIGINT UNSIGNED, ratio FLOAT, day DATE,
                    at DATETIME(6), stamp TIMESTAMP(6), span TIME, year YEAR, bits BIT(8), bytes VARBINARY(10),
                    text VARCHAR(20), kind ENUM('a', 'b'), kinds SET('a', 'b'), document JSON, nothing INT,
                    small TINYINT, must INT NOT NULL DEFAULT 1, twice INT AS (small * 2))
                """);
        mySql.execute("""
                CREATE TABLE places (
                    area VARCHAR(10), code BINARY(2), name VARCHAR(10), PRIMARY KEY (area, code))
                """);
    }

    @AfterEach
    void close() {
        mySql.close();
    }

    private Acknowledgement apply(byte[]... values) {
        return applying.apply(SITE, Changes.at(0, SITE, values))
                .acknowledgement()
                .orElseThrow();
    }

    @Test
    void every_type_is_inserted_and_updated_exactly_in_rewritten_batches() {
        byte[][] inserts = IntStream.rangeClosed(1, 5)
                .mapToObj(id -> site.change(id, "things", INSERT, "" + id, VALUES.formatted(id)))
                .toArray(byte[][]::new);
        Acknowledgement inserted = apply(inserts);
        assertThat(inserted.refused()).isEmpty();
        assertThat(mySql.map(READ_VALUES)).hasSize(5).containsValue(EXPECTED).doesNotContainValue("");
        mySql.execute(
                "UPDATE things SET money = 0, ratio = 0, stamp = NULL, bits = 0, bytes = '', text = '', kind = 'a'");

        byte[][] updates = IntStream.rangeClosed(1, 5)
                .mapToObj(id -> site.change(10 + id, "things", UPDATE, "" + id, VALUES.formatted(id)))
                .toArray(byte[][]::new);
        Acknowledgement updated = apply(updates);

        assertThat(updated.refused()).isEmpty();
        assertThat(mySql.map(READ_VALUES).values()).hasSize(5).containsOnly(EXPECTED);
    }

    @Test
    void rows_that_are_updated_together_keep_values_of_their_own_of_every_type() {
        String nothing = "{\"id\":\"2\",\"money\":null,\"big\":null,\"ratio\":null,\"day\":null,\"at\":null,"
                + "\"stamp\":null,\"span\":null,\"year\":null,\"bits\":null,\"bytes\":null,\"text\":null,"
                + "\"kind\":null,\"kinds\":null,\"document\":null,\"nothing\":null}";
        apply(
                site.change(1, "things", INSERT, "1", nothing.replace("\"2\"", "\"1\"")),
                site.change(2, "things", INSERT, "2", VALUES.formatted(2)),
                site.change(3, "things", INSERT, "3", nothing.replace("\"2\"", "\"3\"")));

        Acknowledgement updated = apply(
                site.change(4, "things", UPDATE, "3", VALUES.formatted(3)),
                site.change(5, "things", UPDATE, "2", nothing),
                site.change(6, "things", UPDATE, "1", VALUES.formatted(1)));

        assertThat(updated.refused()).isEmpty();
        assertThat(mySql.map(READ_VALUES))
                .containsEntry("1", EXPECTED)
                .containsEntry("2", "1")
                .containsEntry("3", EXPECTED);
    }

    @Test
    void composite_and_binary_keys_find_their_rows() {
        String id = "[\"north\", \"00FF\"]";
        String row = "{\"area\":\"north\",\"code\":\"00FF\",\"name\":\"%s\"}";
        apply(
                site.change(1, "places", INSERT, id, row.formatted("one")),
                site.change(
                        2,
                        "places",
                        INSERT,
                        "[\"north\", \"0001\"]",
                        row.formatted("two").replace("00FF", "0001")));

        apply(site.change(3, "places", UPDATE, id, row.formatted("three")));
        assertThat(mySql.map("SELECT HEX(code), name FROM places"))
                .containsEntry("00FF", "three")
                .hasSize(2);
        apply(site.change(4, "places", DELETE, id, row.formatted("three")));

        assertThat(mySql.map("SELECT HEX(code), name FROM places")).containsOnlyKeys("0001");
    }

    @ParameterizedTest
    @CsvSource({
        "small, '\"300\"', OUT_OF_RANGE",
        "money, '\"1e30\"', OUT_OF_RANGE",
        "small, '\"x\"', INVALID_VALUE",
        "at, '\"2026-02-30T00:00:00\"', INVALID_VALUE",
        "kind, '\"c\"', INVALID_VALUE",
        "document, '\"{\"', INVALID_VALUE",
        "must, null, INVALID_VALUE",
        "bytes, '\"zz\"', INVALID_VALUE",
        "big, '\"007\"', INVALID_VALUE",
        "kind, '\"1\"', INVALID_VALUE",
        "ratio, '16777217', INVALID_VALUE",
        "day, '\"2026-11-28T10:20:30.000000\"', INVALID_VALUE",
        "text, '\"a text of twenty char \"', INVALID_VALUE",
        "text, '\"a text of twenty-one c\"', TOO_LONG"
    })
    void a_value_that_the_column_does_not_take_is_refused_alone(String column, String value, Reason reason) {
        Acknowledgement acknowledgement = apply(
                site.change(1, "things", INSERT, "1", "{\"id\":\"1\",\"%s\":%s}".formatted(column, value)),
                site.change(2, "things", INSERT, "2", "{\"id\":\"2\"}"));

        assertThat(acknowledgement.refused()).extracting(Refusal::reason).containsExactly(reason);
        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(2, 2));
        assertThat(mySql.map("SELECT id, id FROM things")).containsOnlyKeys("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "YEAR | 0000",
                "YEAR | 2000",
                "INT(5) ZEROFILL | 00007",
                "DECIMAL(6, 2) | 7.00",
                "DECIMAL(6, 2) ZEROFILL | 0007.00",
                "TIME(2) | -00:00:00.50",
                "DATE | 0000-00-00",
                "SET('a', 'b') | a,b",
                "ENUM('1', '0') | 0",
                "VARCHAR(5) | '7 '",
                "DOUBLE | 1e20",
                "DOUBLE | 0.30000000000000004",
                "FLOAT | 0.10000000149011612",
                "FLOAT | 3.4028234663852886e38",
                "FLOAT | -5.0"
            })
    void a_row_is_found_by_a_key_of_any_type(String type, String key) {
        mySql.execute("DROP TABLE IF EXISTS later");
        mySql.execute("CREATE TABLE later (id " + type + " PRIMARY KEY, note VARCHAR(9))");
        String row = "{\"id\":\"" + key + "\",\"note\":\"%s\"}";

        apply(site.change(1, "later", INSERT, key, row.formatted("old")));
        apply(site.change(2, "later", UPDATE, key, row.formatted("new")));
        assertThat(mySql.map("SELECT note, 1 FROM later")).containsOnlyKeys("new");
        apply(site.change(3, "later", DELETE, key, row.formatted("new")));

        assertThat(mySql.map("SELECT note, 1 FROM later")).isEmpty();
        mySql.execute("DROP TABLE later");
    }

    /** Owner and version of a row are kept by its name: with another spelling a site could write what is another site's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VARCHAR(9) | 7 | [\"7\", \"x\"] | true",
                "VARCHAR(9) | 7 | [\"7\",\"x\"] | false",
                "VARCHAR(9) | 7 | [\"7\",  \"x\"] | false",
                "VARCHAR(9) | 7 | [\"\\u0037\", \"x\"] | false",
                "VARCHAR(9) | \\\"\\t\\u0001\\\\é😀/ | [\"\\\"\\t\\u0001\\\\é😀/\", \"x\"] | true",
                "DOUBLE | 1.5 | [\"1.5\", \"x\"] | true",
                "DOUBLE | 1e20 | [\"1e20\", \"x\"] | true",
                "DOUBLE | 1.5 | [\"1.50\", \"x\"] | false",
                "DOUBLE | 100000000000000000000.0 | [\"1e20\", \"x\"] | false",
                "DOUBLE | 1.5 | [\"zzz\", \"x\"] | false",
                "DOUBLE | 1.5 | [\"2.5\", \"x\"] | false"
            })
    void a_row_has_one_name(String type, String value, String name, boolean taken) {
        mySql.execute("DROP TABLE IF EXISTS later");
        mySql.execute("CREATE TABLE later (id " + type + ", note VARCHAR(9), PRIMARY KEY (id, note))");

        Acknowledgement acknowledgement =
                apply(site.change(1, "later", INSERT, name, "{\"id\":\"" + value + "\",\"note\":\"x\"}"));

        assertThat(acknowledgement.applied().isEmpty()).isEqualTo(!taken);
        assertThat(mySql.map("SELECT note, 1 FROM later")).hasSize(taken ? 1 : 0);
        mySql.execute("DROP TABLE later");
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e20, 100000000000000000000.0", "FLOAT, 0.5, 5e-1", "DOUBLE, 5.0, 5", "INT, 7, 07"})
    void another_spelling_of_a_key_reaches_no_other_site_s_row(String type, String key, String other) {
        mySql.execute("DROP TABLE IF EXISTS later");
        mySql.execute("CREATE TABLE later (id " + type + " PRIMARY KEY, note VARCHAR(9))");
        String row = "{\"id\":\"%s\",\"note\":\"%s\"}";
        apply(site.change(1, "later", INSERT, key, row.formatted(key, "ours")));
        var stranger = new Site("stranger");
        Changes theirs = Changes.of(stranger);

        Acknowledgement acknowledgement = applying.apply(
                        stranger,
                        Changes.at(
                                0,
                                stranger,
                                theirs.change(1, "later", UPDATE, other, row.formatted(other, "theirs")),
                                theirs.change(2, "later", DELETE, other, row.formatted(other, "theirs"))))
                .acknowledgement()
                .orElseThrow();

        assertThat(acknowledgement.refused()).extracting(Refusal::sequence).contains(1L);
        assertThat(mySql.map("SELECT note, 1 FROM later")).containsOnlyKeys("ours");
        mySql.execute("DROP TABLE later");
    }

    @Test
    void a_table_and_a_column_made_later_are_taken_without_a_restart_and_a_dropped_one_is_refused() {
        byte[] change = site.change(1, "later", INSERT, "1", "{\"id\":\"1\",\"note\":\"x\"}");
        assertThat(apply(change).refused()).containsExactly(new Refusal(1, Reason.UNKNOWN_TABLE, "later"));
        mySql.execute("CREATE TABLE later (id INT PRIMARY KEY)");
        assertThat(apply(change).refused()).containsExactly(new Refusal(1, Reason.UNKNOWN_COLUMN, "later.note"));
        mySql.execute("ALTER TABLE later ADD note VARCHAR(10)");

        assertThat(apply(change).refused()).isEmpty();
        mySql.execute("ALTER TABLE later DROP note");
        byte[] after = site.change(2, "later", UPDATE, "1", "{\"id\":\"1\",\"note\":\"y\"}");

        assertThat(apply(after).refused()).containsExactly(new Refusal(2, Reason.UNKNOWN_COLUMN, "later.note"));
    }

    @Test
    void what_mysql_computes_is_not_written_and_a_zero_timestamp_is() {
        Acknowledgement acknowledgement = apply(site.change(
                1,
                "things",
                INSERT,
                "1",
                "{\"id\":\"1\",\"small\":\"4\",\"twice\":\"8\",\"stamp\":\"1970-01-01T00:00:00.000000Z\"}"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(mySql.map("SELECT twice, stamp FROM things")).containsEntry("8", "0000-00-00 00:00:00");
    }

    @Test
    void a_table_whose_triggers_write_is_not_written_until_they_are_gone() {
        mySql.execute("CREATE TABLE later (id INT PRIMARY KEY)");
        mySql.execute("CREATE TRIGGER meddles BEFORE INSERT ON later FOR EACH ROW SET NEW.id = NEW.id + 1");
        byte[] change = site.change(1, "later", INSERT, "1", "{\"id\":\"1\"}");

        assertThat(apply(change).refused()).containsExactly(new Refusal(1, Reason.UNKNOWN_TABLE, "later"));
        mySql.execute("DROP TRIGGER meddles");

        assertThat(apply(change).refused()).isEmpty();
    }

    @Test
    void a_delete_needs_no_more_than_the_key() {
        apply(site.change(1, "things", INSERT, "1", "{\"id\":\"1\"}"));

        Acknowledgement acknowledgement =
                apply(site.change(2, "things", DELETE, "1", "{\"id\":\"1\",\"dropped\":\"x\"}"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(mySql.map("SELECT id, id FROM things")).isEmpty();
    }

    @Test
    void a_sweep_reaches_no_further_than_its_range() {
        for (int id = 1; id <= 4; id++) {
            apply(site.change(id, "things", INSERT, "" + id, "{\"id\":\"" + id + "\"}"));
        }

        apply(site.change(9, "things", SWEEP, "*", "{\"since\":\"9\",\"from\":\"2\",\"to\":\"3\"}"));

        assertThat(mySql.map("SELECT id, id FROM things")).containsOnlyKeys("1", "4");
    }

    @Test
    void a_table_without_a_primary_key_is_not_written() {
        mySql.execute("CREATE TABLE keyless (id INT)");

        Acknowledgement acknowledgement = apply(site.change(1, "keyless", INSERT, "1", "{\"id\":\"1\"}"));

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(1, Reason.UNKNOWN_TABLE, "keyless"));
    }
}

package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of other people: foreign keys that cascade, triggers of their own, and what cannot be captured. */
@Tag("server-dependent")
class AnyTableTest {
    private CapturedSite site;

    @BeforeEach
    void start() {
        site = CapturedSite.fresh();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void a_cascade_through_three_levels_is_captured_from_below() {
        site.run(
                "CREATE TABLE a (id INT PRIMARY KEY)",
                "CREATE TABLE b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)",
                "CREATE TABLE c (id INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES b (id) ON DELETE CASCADE)",
                "CREATE TABLE d (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id) ON DELETE SET NULL)");
        site.capture("a", "b", "c", "d");
        site.run("INSERT INTO a VALUES (1), (2)", "INSERT INTO b VALUES (10, 1), (20, 2)");
        site.run("INSERT INTO c VALUES (100, 10), (101, 10)", "INSERT INTO d VALUES (7, 1)", "TRUNCATE sync_queue");

        site.run("DELETE FROM a WHERE id = 1");

        assertThat(site.queued())
                .containsExactly("c 100 DELETE", "c 101 DELETE", "b 10 DELETE", "d 7 UPDATE", "a 1 DELETE");
        assertThat(site.lines("SELECT payload->>'$.a' FROM sync_queue WHERE table_name = 'd'"))
                .containsExactly("null");
    }

    @Test
    void text_of_every_character_set_is_captured_as_text() {
        for (String set : List.of("latin1", "gb18030", "utf8mb4", "ucs2", "utf16", "utf16le", "utf32")) {
            site.run("CREATE TABLE t_" + set + " (id VARCHAR(5) CHARACTER SET " + set
                    + " PRIMARY KEY, name TEXT CHARACTER SET " + set + ")");
            site.capture("t_" + set);

            site.run("INSERT INTO t_" + set + " VALUES ('é1', 'Zoë')");

            assertThat(site.lines("SELECT CONCAT(record_id, ' ', payload->>'$.id', ' ', payload->>'$.name')"
                            + " FROM sync_queue WHERE table_name = 't_" + set + "'"))
                    .as(set)
                    .containsExactly("é1 é1 Zoë");
        }
    }

    @Test
    void a_cascade_that_comes_from_or_passes_through_tables_not_under_sync_is_captured() {
        site.run(
                "CREATE TABLE top (id INT PRIMARY KEY)",
                "CREATE TABLE middle (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES top (id) ON DELETE CASCADE)",
                "CREATE TABLE leaf (id INT PRIMARY KEY, m INT, FOREIGN KEY (m) REFERENCES middle (id) ON DELETE CASCADE)");
        site.capture("leaf");
        site.run("INSERT INTO top VALUES (1)", "INSERT INTO middle VALUES (2, 1)", "INSERT INTO leaf VALUES (3, 2)");

        site.run("DELETE FROM top");

        assertThat(site.queued()).containsExactly("leaf 3 INSERT", "leaf 3 DELETE");
    }

    @Test
    void rows_that_follow_a_changed_key_are_captured_between_the_new_record_and_the_old() {
        site.run(
                "CREATE TABLE countries (code CHAR(2) PRIMARY KEY)",
                "CREATE TABLE cities (id INT PRIMARY KEY, country CHAR(2),"
                        + " FOREIGN KEY (country) REFERENCES countries (code) ON UPDATE CASCADE)",
                "CREATE TABLE mayors (id INT PRIMARY KEY, country CHAR(2),"
                        + " FOREIGN KEY (country) REFERENCES countries (code) ON UPDATE SET NULL)");
        site.capture("countries", "cities", "mayors");
        site.run("INSERT INTO countries VALUES ('de'), ('fr')", "INSERT INTO cities VALUES (1, 'de'), (2, 'fr')");
        site.run("INSERT INTO mayors VALUES (5, 'de')", "TRUNCATE sync_queue");

        site.run("UPDATE countries SET code = 'at' WHERE code = 'de'");

        assertThat(site.queued())
                .containsExactly("mayors 5 UPDATE", "countries at INSERT", "cities 1 UPDATE", "countries de DELETE");
        assertThat(site.lines("SELECT payload->>'$.country' FROM sync_queue WHERE table_name = 'cities'"))
                .containsExactly("at");
    }

    /** As an import does it: MySQL leaves the children alone, and so do we. */
    @Test
    void a_session_without_checks_of_foreign_keys_cascades_nothing() throws Exception {
        site.run(
                "CREATE TABLE p (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE q (id INT PRIMARY KEY, p INT,"
                        + " FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE)");
        site.capture("p", "q");
        site.run("INSERT INTO p VALUES (1, 1), (2, 1)", "INSERT INTO q VALUES (1, 1), (2, 2)", "TRUNCATE sync_queue");

        try (Connection writer = site.database().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET foreign_key_checks = 0");
            statement.execute("REPLACE INTO p VALUES (1, 2)");
            statement.execute("UPDATE p SET id = 3 WHERE id = 2");
            statement.execute("DELETE FROM p WHERE id = 3");
        }

        assertThat(site.lines("SELECT CONCAT_WS(' ', id, p) FROM q ORDER BY id"))
                .containsExactly("1 1", "2 2");
        assertThat(site.queued()).containsExactly("p 1 DELETE", "p 1 INSERT", "p 3 INSERT", "p 2 DELETE", "p 3 DELETE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latin1", "utf8mb3", "ascii", "gb18030", "sjis", "utf16", "binary"})
    void a_key_in_any_character_set_is_captured(String characterSet) {
        site.run(
                "CREATE TABLE codes (id VARCHAR(20) PRIMARY KEY, v INT) CHARSET = " + characterSet,
                "CREATE TABLE pairs (id VARCHAR(20), n INT, v INT, PRIMARY KEY (id, n)) CHARSET = " + characterSet);
        assertThat(site.capture("codes", "pairs").refused()).isEmpty();

        site.run("INSERT INTO codes VALUES ('x', 1)", "UPDATE codes SET v = 2", "UPDATE codes SET id = 'X'");
        site.run("INSERT INTO pairs VALUES ('x', 1, 1)", "UPDATE pairs SET v = 2", "UPDATE pairs SET id = 'X'");

        assertThat(site.queued().stream().map(entry -> entry.replaceAll(" .* ", " ")))
                .containsExactly(
                        "codes INSERT",
                        "codes UPDATE",
                        "codes DELETE",
                        "codes INSERT",
                        "pairs INSERT",
                        "pairs UPDATE",
                        "pairs DELETE",
                        "pairs INSERT");
    }

    @Test
    void rows_that_follow_another_unique_key_are_captured_behind_it() {
        site.run(
                "CREATE TABLE p (id INT PRIMARY KEY, code INT NOT NULL UNIQUE)",
                "CREATE TABLE q (id INT PRIMARY KEY, code INT, FOREIGN KEY (code) REFERENCES p (code) ON UPDATE CASCADE)");
        site.capture("p", "q");
        site.run("INSERT INTO p VALUES (1, 10)", "INSERT INTO q VALUES (2, 10)", "TRUNCATE sync_queue");

        site.run("UPDATE p SET code = 11", "UPDATE p SET code = 11");

        assertThat(site.queued()).containsExactly("p 1 UPDATE", "q 2 UPDATE", "p 1 UPDATE");
    }

    @Test
    void a_changed_key_that_rows_follow_into_their_own_name_is_refused_to_the_writer() {
        site.run(
                "CREATE TABLE bills (id INT PRIMARY KEY)",
                "CREATE TABLE parts (bill INT, line INT, PRIMARY KEY (bill, line),"
                        + " FOREIGN KEY (bill) REFERENCES bills (id) ON UPDATE CASCADE ON DELETE CASCADE)");
        site.capture("bills", "parts");
        site.run("INSERT INTO bills VALUES (1), (2)", "INSERT INTO parts VALUES (1, 1)");

        assertThatThrownBy(() -> site.run("UPDATE bills SET id = 9 WHERE id = 1"))
                .hasMessageContaining("rows of parts follow this key");
        site.run("UPDATE bills SET id = 8 WHERE id = 2");

        assertThat(site.queued()).endsWith("bills 2 DELETE", "bills 8 INSERT");
    }

    @Test
    void what_a_tables_own_triggers_write_is_queued_behind_the_change_they_react_to() {
        site.run(
                "CREATE TABLE sales (id INT PRIMARY KEY, sum INT)",
                "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, sale INT, FOREIGN KEY (sale) REFERENCES sales (id))",
                "CREATE TRIGGER rounds BEFORE INSERT ON sales FOR EACH ROW SET NEW.sum = NEW.sum * 10",
                "CREATE TRIGGER logs AFTER INSERT ON sales FOR EACH ROW INSERT INTO log (sale) VALUES (NEW.id)");
        site.capture("sales", "log");

        site.run("INSERT INTO sales VALUES (1, 7)");

        assertThat(site.queued()).containsExactly("sales 1 INSERT", "log 1 INSERT");
        assertThat(site.lines("SELECT payload->>'$.sum' FROM sync_queue WHERE table_name = 'sales'"))
                .containsExactly("70");
        site.run("CREATE TRIGGER first AFTER UPDATE ON sales FOR EACH ROW PRECEDES sync_update_sales SET @x = 1");
        assertThat(CaptureTriggers.look(site.sql(), CapturedSite.NUMBER, List.of("sales"))
                        .outdated())
                .containsExactly("sales");
    }

    @Test
    void what_cannot_be_captured_is_refused_by_itself_with_a_reason_and_a_cure() {
        site.run(
                "CREATE TABLE keyless (id INT)",
                "CREATE TABLE old (id INT PRIMARY KEY) ENGINE = MyISAM",
                "CREATE TABLE wordy (name VARCHAR(256) PRIMARY KEY)",
                "CREATE TABLE hashes (hash VARBINARY(128) PRIMARY KEY)",
                "CREATE TABLE staff (id INT PRIMARY KEY, boss INT,"
                        + " FOREIGN KEY (boss) REFERENCES staff (id) ON DELETE SET NULL)",
                "CREATE TABLE desks (id INT PRIMARY KEY, owner INT,"
                        + " FOREIGN KEY (owner) REFERENCES staff (id) ON DELETE CASCADE)",
                "CREATE TABLE totals (id INT PRIMARY KEY, items INT)",
                "CREATE TABLE items (id INT PRIMARY KEY, total INT,"
                        + " FOREIGN KEY (total) REFERENCES totals (id) ON DELETE CASCADE)",
                "CREATE TRIGGER counts AFTER DELETE ON items FOR EACH ROW"
                        + " UPDATE totals SET items = items - 1 WHERE id = OLD.total",
                "CREATE TABLE taken (id INT PRIMARY KEY)",
                "CREATE TRIGGER Sync_Update_Taken BEFORE INSERT ON keyless FOR EACH ROW SET @x = 1",
                "CREATE TABLE good (id INT PRIMARY KEY)",
                "CREATE TABLE Good (id INT PRIMARY KEY)",
                "CREATE TABLE góod (id INT PRIMARY KEY)");
        String elsewhere = site.lines("SELECT DATABASE()").get(0) + "_2";
        site.run(
                "CREATE DATABASE " + elsewhere,
                "CREATE TABLE " + elsewhere + ".far (id INT PRIMARY KEY)",
                "CREATE TABLE guests (id INT PRIMARY KEY, far INT," + " FOREIGN KEY (far) REFERENCES " + elsewhere
                        + ".far (id) ON DELETE CASCADE)");

        var refused = site.capture(
                        "taken",
                        "good",
                        "Good",
                        "góod",
                        "nowhere",
                        "keyless",
                        "old",
                        "wordy",
                        "hashes",
                        "staff",
                        "desks",
                        "totals",
                        "items",
                        "guests",
                        "sync_queue")
                .refused();
        site.run("INSERT INTO good VALUES (1)", "INSERT INTO totals VALUES (1, 1)", "INSERT INTO items VALUES (1, 1)");
        site.run("DELETE FROM totals");

        assertThat(refused.keySet())
                .containsExactlyInAnyOrder(
                        "taken",
                        "Good",
                        "góod",
                        "nowhere",
                        "keyless",
                        "old",
                        "wordy",
                        "hashes",
                        "staff",
                        "desks",
                        "items",
                        "guests",
                        "sync_queue");
        assertThat(refused.get("taken")).contains("the name of a trigger of table keyless, Sync_Update_Taken");
        assertThat(refused.get("Good")).contains("Rename one of them");
        assertThat(refused.get("nowhere")).contains("is not there. Create it");
        assertThat(refused.get("keyless")).contains("has no primary key");
        assertThat(refused.get("old")).contains("InnoDB");
        assertThat(refused.get("wordy")).contains("up to 256 characters");
        assertThat(refused.get("hashes")).contains("up to 256 characters");
        assertThat(refused.get("staff")).contains("cascade back to the table itself");
        assertThat(refused.get("desks")).contains("follows staff");
        assertThat(refused.get("guests")).contains("cascades from another database");
        assertThat(refused.get("items")).contains("the trigger counts, which is about totals");
        assertThat(site.queued()).containsExactly("good 1 INSERT", "totals 1 INSERT", "totals 1 DELETE");
    }

    @Test
    void a_table_taken_out_of_sync_has_no_trigger_of_ours_and_all_of_its_own() {
        site.run("CREATE TRIGGER sync_insert_mine BEFORE INSERT ON users FOR EACH ROW SET @x = 1");

        site.capture("orders");

        site.run("INSERT INTO users (name, email) VALUES ('Ann', 'a@b')");
        assertThat(site.queued()).isEmpty();
        assertThat(site.lines("SELECT trigger_name FROM information_schema.triggers"
                        + " WHERE trigger_schema = DATABASE() AND event_object_table = 'users'"))
                .containsExactly("sync_insert_mine");
    }

    /** As the tools do that change large tables: a copy takes the table's place, and the triggers go with the old one. */
    @Test
    void a_table_whose_place_another_one_has_taken_is_captured_again() {
        site.run("CREATE TABLE goods (id INT PRIMARY KEY)");
        site.capture("goods");
        site.run("CREATE TABLE goods_new LIKE goods", "RENAME TABLE goods TO goods_old, goods_new TO goods");

        assertThat(site.capture("goods").uncaptured()).containsExactly("goods");

        site.run("INSERT INTO goods VALUES (1)", "INSERT INTO goods_old VALUES (2)");
        assertThat(site.queued()).containsExactly("goods 1 INSERT");
    }

    @Test
    void a_table_with_another_name_is_captured_under_that_one() {
        site.run("CREATE TABLE wares (id INT PRIMARY KEY)");
        site.capture("wares");
        site.run("RENAME TABLE wares TO stock");

        assertThat(site.capture("stock").uncaptured()).containsExactly("stock");

        site.run("INSERT INTO stock VALUES (1)", "DELETE FROM stock");
        assertThat(site.queued()).containsExactly("stock 1 INSERT", "stock 1 DELETE");
    }

    @Test
    void what_went_along_with_a_table_of_another_name_is_not_taken_for_somebody_elses() {
        site.run(
                "CREATE TABLE owners (id INT PRIMARY KEY)",
                "CREATE TABLE pets (id INT PRIMARY KEY, owners INT,"
                        + " FOREIGN KEY (owners) REFERENCES owners (id) ON DELETE CASCADE)");
        site.capture("owners", "pets");
        site.run("RENAME TABLE pets TO animals");

        assertThat(site.capture("owners", "animals").refused()).isEmpty();

        site.run("INSERT INTO owners VALUES (1)", "INSERT INTO animals VALUES (2, 1)", "DELETE FROM owners");
        assertThat(site.queued())
                .containsExactly("owners 1 INSERT", "animals 2 INSERT", "animals 2 DELETE", "owners 1 DELETE");
    }

    @Test
    void generated_and_invisible_columns_and_names_that_sql_reserves_are_captured() {
        site.run(
                "CREATE TABLE `select` (`order` INT PRIMARY KEY, `group` INT AS (`order` * 2) STORED,"
                        + " `from` INT INVISIBLE DEFAULT 5, `a'b` FLOAT, `back``tick` INT, `a b\"c'd` INT, `ü` ENUM('b''c', 'ü'), t TIMESTAMP NULL)");
        site.capture("select");

        site.run("INSERT INTO `select` (`order`, `a'b`) VALUES (3, 0.1)");

        assertThat(site.queued()).containsExactly("select 3 INSERT");
        assertThat(site.capture("select").uncaptured()).isEmpty();
        assertThat(site.lines("SELECT payload FROM sync_queue").get(0))
                .contains("\"group\": \"6\"", "\"from\": \"5\"", "\"a'b\": 0.10000000149011612");
    }

    @Test
    void composite_and_binary_keys_name_their_record() {
        site.run(
                "CREATE TABLE seats (hall INT, chair VARCHAR(10), taken INT, PRIMARY KEY (chair, hall))",
                "CREATE TABLE blobs (id BINARY(2) PRIMARY KEY)");
        site.capture("seats", "blobs");

        site.run("INSERT INTO seats VALUES (1, 'A\"1', 0)", "INSERT INTO blobs VALUES (x'0AFF')");

        assertThat(site.queued()).containsExactly("seats [\"A\\\"1\", \"1\"] INSERT", "blobs 0AFF INSERT");
    }

    @Test
    void a_table_with_the_longest_name_is_captured() {
        String longest = "t".repeat(64);
        String other = "t".repeat(63) + "u";
        site.run(
                "CREATE TABLE " + longest + " (id INT PRIMARY KEY)", "CREATE TABLE " + other + " (id INT PRIMARY KEY)");
        site.capture(longest, other);

        site.run("INSERT INTO " + longest + " VALUES (1)", "INSERT INTO " + other + " VALUES (2)");

        assertThat(site.queued()).containsExactly(longest + " 1 INSERT", other + " 2 INSERT");
    }

    @Test
    void a_table_of_as_many_columns_as_mysql_has_is_captured_whole() {
        String columns = IntStream.range(0, 1_016)
                .mapToObj(i -> ", " + "c".repeat(60) + i + " INT DEFAULT " + i)
                .collect(Collectors.joining());
        String last = "c".repeat(60) + "1015";
        site.run("CREATE TABLE wide (id INT PRIMARY KEY" + columns + ")");
        site.capture("wide");

        site.run("INSERT INTO wide (id) VALUES (1)", "UPDATE wide SET " + last + " = -7", "DELETE FROM wide");

        assertThat(site.lines("SELECT CONCAT(JSON_LENGTH(payload), ' ', payload->>'$." + last + "') FROM sync_queue"))
                .containsExactly("1017 1015", "1017 -7", "1017 -7");
    }

    @Test
    void the_sites_number_begins_its_keys_and_never_sets_them_back() {
        var number = new SiteNumber(7);
        site.run("CREATE TABLE small (id INT AUTO_INCREMENT PRIMARY KEY)");
        site.run("INSERT INTO users (name, email) VALUES ('old', 'old@b')");

        CaptureReport report =
                CaptureTriggers.install(site.admin(), number, List.of("users", "orders", "small"), missed -> {});
        number.begin(site.admin(), CapturedSite.TABLES);
        site.run("INSERT INTO users (name, email) VALUES ('Ann', 'a@b')");
        site.run("DELETE FROM users WHERE name = 'Ann'");
        number.begin(site.admin(), CapturedSite.TABLES);
        site.run("INSERT INTO users (name, email) VALUES ('Ben', 'b@b')");

        assertThat(site.lines("SELECT id FROM users ORDER BY id")).containsExactly("1", "7000000000002");
        assertThat(report.refused().get("small")).contains("too small for this SITE_NUMBER");
        assertThatThrownBy(() -> new SiteNumber(9001)).hasMessageContaining("from 0 to 9000");
    }
}

package dev.outboxsync.central;

import static dev.outboxsync.central.Changes.SITE;
import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Several rows of one statement end as they would one by one, in the lane's order. */
class ManyRowsTest {
    private final CentralMySql mySql = new CentralMySql();
    private final Changes site = Changes.of(SITE);
    private final AtomicInteger transactions = new AtomicInteger();
    private final CentralDatabase database = mySql.central("users", "orders", "words", "nodes");
    private final ApplyingChanges applying =
            new ApplyingChanges(new Counting(), Clock.systemUTC(), new SplittableRandom(7));

    private final class Counting implements CentralDatabase {
        @Override
        public <T> T transaction(Function<CentralTransaction, T> work) {
            transactions.incrementAndGet();
            return database.transaction(work);
        }
    }

    @AfterEach
    void close() {
        mySql.close();
    }

    private Acknowledgement apply(byte[]... values) {
        transactions.set(0);
        return applying.apply(SITE, Changes.at(0, SITE, values))
                .acknowledgement()
                .orElseThrow();
    }

    private void insertUsers(int count) {
        apply(LongStream.rangeClosed(1, count)
                .mapToObj(id -> site.user(id, INSERT, id, "first"))
                .toArray(byte[][]::new));
    }

    @Test
    void an_address_that_is_handed_from_row_to_row_follows_the_lane_and_not_the_order_of_the_keys() {
        insertUsers(4);

        Acknowledgement upwards = apply(
                site.user(11, UPDATE, 1, "a", "spare@example.org"),
                site.user(12, UPDATE, 2, "b", "u1@example.org"),
                site.user(13, UPDATE, 3, "c", "u2@example.org"));
        assertThat(transactions).hasValue(1);
        Acknowledgement downwards = apply(
                site.user(14, UPDATE, 4, "d", "last@example.org"),
                site.user(15, UPDATE, 3, "c", "u4@example.org"),
                site.user(16, UPDATE, 2, "b", "u2@example.org"));
        assertThat(transactions).hasValue(1);

        assertThat(upwards.refused()).isEmpty();
        assertThat(downwards.refused()).isEmpty();
        assertThat(mySql.users())
                .isEqualTo(Map.of(
                        "1", "a spare@example.org",
                        "2", "b u2@example.org",
                        "3", "c u4@example.org",
                        "4", "d last@example.org"));
    }

    @Test
    void an_address_that_is_taken_before_it_is_given_up_is_refused() {
        insertUsers(2);

        Acknowledgement acknowledgement =
                apply(site.user(11, UPDATE, 2, "b", "u1@example.org"), site.user(12, UPDATE, 1, "a", "a@example.org"));

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(11, Reason.DUPLICATE_KEY, "users.email"));
    }

    @Test
    void of_a_record_that_changes_often_the_last_state_stays() {
        insertUsers(100);
        var values = new ArrayList<byte[]>();
        for (int sequence = 1_000; sequence < 1_500; sequence++) {
            values.add(site.user(sequence, UPDATE, 1 + (sequence * 7L) % 100, "at " + sequence));
        }

        assertThat(apply(values.toArray(byte[][]::new)).refused()).isEmpty();

        assertThat(transactions).hasValue(1);
        for (int sequence = 1_400; sequence < 1_500; sequence++) {
            long id = 1 + (sequence * 7L) % 100;
            assertThat(mySql.users()).containsEntry("" + id, "at " + sequence + " u" + id + "@example.org");
        }
    }

    @Test
    void many_are_deleted_and_no_others() {
        insertUsers(100);

        apply(LongStream.rangeClosed(1, 100)
                .filter(id -> id % 10 != 0)
                .mapToObj(id -> site.user(200 + id, DELETE, id, "first"))
                .toArray(byte[][]::new));

        assertThat(transactions).hasValue(1);
        assertThat(mySql.users()).containsOnlyKeys("10", "20", "30", "40", "50", "60", "70", "80", "90", "100");
    }

    @Test
    void keys_that_differ_in_case_and_values_that_are_null_keep_to_their_rows() {
        mySql.execute(
                "CREATE TABLE words (word VARCHAR(9) COLLATE utf8mb4_0900_as_cs PRIMARY KEY, note VARCHAR(9), n INT)");
        apply(word(1, INSERT, "a", "null", 1), word(2, INSERT, "A", "\"x\"", 2), word(3, INSERT, "b", "\"y\"", 3));

        apply(word(4, UPDATE, "b", "null", 6), word(5, UPDATE, "A", "\"a\"", 5), word(6, UPDATE, "a", "\"A\"", 4));

        assertThat(transactions).hasValue(1);
        assertThat(mySql.map("SELECT CONCAT(word, ''), CONCAT_WS(' ', note, n) FROM words"))
                .isEqualTo(Map.of("a", "A 4", "A", "a 5", "b", "6"));
    }

    private byte[] word(long sequence, Operation operation, String word, String note, int number) {
        return site.change(
                sequence,
                "words",
                operation,
                word,
                "{\"word\":\"%s\",\"note\":%s,\"n\":\"%d\"}".formatted(word, note, number));
    }

    @Test
    void rows_that_mysql_deletes_with_their_parents_are_no_trouble() {
        mySql.execute("""
                CREATE TABLE nodes (
                    id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES nodes (id) ON DELETE CASCADE)
                """);
        apply(node(1, INSERT, 1, "null"), node(2, INSERT, 2, "\"1\""), node(3, INSERT, 3, "\"2\""));

        Acknowledgement acknowledgement =
                apply(node(4, DELETE, 1, "null"), node(5, DELETE, 2, "\"1\""), node(6, DELETE, 3, "\"2\""));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(transactions).hasValue(1);
        assertThat(mySql.map("SELECT id, id FROM nodes")).isEmpty();
    }

    private byte[] node(long sequence, Operation operation, long id, String parent) {
        return site.change(
                sequence, "nodes", operation, "" + id, "{\"id\":\"%d\",\"parent\":%s}".formatted(id, parent));
    }

    @Test
    void the_rows_are_found_by_primary_key() throws MalformedRecordException {
        insertUsers(300);
        mySql.execute("ANALYZE TABLE users");
        TableShape users =
                new TableShapes(JdbcClient.create(mySql.jdbc)).find("users").orElseThrow();

        for (Operation operation : List.of(UPDATE, DELETE)) {
            var step = new Step(operation, users, new ArrayList<>());
            for (int id = 1; id <= 32; id++) {
                step.rows().add(RowImage.ofJson("{\"id\":\"%d\",\"name\":\"x\"}".formatted(id)));
            }
            ManyRows statement = ManyRows.of(step, step.rows());

            Map<String, Object> plan = mySql.jdbc.query(
                    "EXPLAIN " + statement.sql(),
                    CentralRows.binding(statement),
                    row -> row.next()
                            ? Map.<String, Object>of("key", row.getString("key"), "rows", row.getLong("rows"))
                            : Map.of());

            assertThat(plan).containsEntry("key", "PRIMARY").containsEntry("rows", 32L);
        }
    }
}

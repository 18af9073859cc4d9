package dev.outboxsync.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Every reason for a refusal, provoked, seen in the status, and cured as README says; what is behind it is unharmed. */
@Tag("slow")
class EveryReasonTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static DevelopmentStack stack;
    private static Books books;
    private static JdbcClient site;
    private static JdbcClient centre;
    private static Shop shop;

    /** A refusal: how it comes about, how the status tells it, and its cure. */
    private enum Refused {
        DUPLICATE_KEY(
                "users/1000",
                "FAILED DUPLICATE_KEY users.email",
                "centre: INSERT INTO users VALUES (9001, 'Of another', 'one@example.org', NOW(6))",
                "site: INSERT INTO users (id, name, email) VALUES (1000, 'Ann', 'one@example.org')",
                "cure: DELETE FROM users WHERE id = 9001",
                "retry"),
        MISSING_PARENT(
                "orders/2",
                "PENDING MISSING_PARENT orders.user_id",
                "centre: INSERT INTO users VALUES (9002, 'Of another', 'two@example.org', NOW(6))",
                "site: INSERT INTO users (id, name, email) VALUES (2000, 'Ben', 'two@example.org')",
                "site: INSERT INTO orders (id, user_id, amount) VALUES (2, 2000, 5)",
                "cure: DELETE FROM users WHERE id = 9002",
                "retry"), // of the user: the order comes by itself
        HAS_CHILDREN(
                "users/3000",
                "FAILED HAS_CHILDREN orders.user_id",
                "site: INSERT INTO users (id, name, email) VALUES (3000, 'Cleo', 'three@example.org')",
                "drained",
                "centre: INSERT INTO orders VALUES (9003, 3000, 5, 'PAID', NOW(6))",
                "site: DELETE FROM users WHERE id = 3000",
                "cure: DELETE FROM orders WHERE id = 9003",
                "retry"),
        TOO_LONG(
                "goods/4",
                "FAILED TOO_LONG goods.label",
                "site: INSERT INTO goods (id, label) VALUES (4, 'a secret of forty letters')",
                "cure: ALTER TABLE goods MODIFY label VARCHAR(40)",
                "retry"),
        OUT_OF_RANGE(
                "goods/5",
                "FAILED OUT_OF_RANGE goods.amount",
                "site: INSERT INTO goods (id, amount) VALUES (5, 4711)",
                "cure: ALTER TABLE goods MODIFY amount INT",
                "retry"),
        INVALID_VALUE(
                "goods/6",
                "FAILED INVALID_VALUE goods.kind",
                "site: INSERT INTO goods (id, kind) VALUES (6, 'secret')",
                "cure: ALTER TABLE goods MODIFY kind VARCHAR(10)",
                "retry"),
        UNKNOWN_TABLE(
                "gadgets/7",
                "PENDING UNKNOWN_TABLE gadgets: the centre does not take this table yet; sent again until it does",
                "site: INSERT INTO gadgets VALUES (7)",
                "cure: CREATE TABLE gadgets (id INT PRIMARY KEY)"),
        UNKNOWN_COLUMN(
                "notes/8",
                "PENDING UNKNOWN_COLUMN notes.extra: the columns of the centre's table are not those of the site;"
                        + " sent again until they are",
                "site: INSERT INTO notes VALUES (8, 'secret')",
                "cure: ALTER TABLE notes ADD extra VARCHAR(10)"),
        TOO_LARGE(
                "notes/9",
                "FAILED TOO_LARGE",
                "centre: DROP TABLE notes",
                "centre: CREATE TABLE notes (id INT PRIMARY KEY, extra LONGTEXT)",
                "site: INSERT INTO notes VALUES (9, REPEAT('x', 2000000))",
                "site-cure: UPDATE notes SET extra = 'short' WHERE id = 9");

        private final String record;
        private final String told;
        private final String steps;

        Refused(String record, String told, String... steps) {
            this.record = record;
            this.told = told;
            this.steps = String.join("\n", steps);
        }

        private List<String> steps(boolean cure) {
            return steps.lines().filter(step -> isCure(step) == cure).toList();
        }

        private static boolean isCure(String step) {
            return step.contains("cure: ") || step.equals("retry");
        }
    }

    @BeforeAll
    static void start() {
        stack = DevelopmentStack.of(new StackPlan(Path.of("target", "every-reason"))
                .freePorts()
                .startedOften()
                .fresh()
                .tables("users,orders,goods,gadgets,notes,relics,swept")
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "* * * * * *"));
        stack.start();
        books = new Books(stack.databaseA(), stack.databaseB());
        site = books.local();
        centre = books.central();
        shop = new Shop(stack.url(StackPlan.LOCAL_API), stack.environment().get("SYNC_TOKEN"));
        String swept = "CREATE TABLE swept (id INT PRIMARY KEY, code VARCHAR(9) UNIQUE, label VARCHAR(%d))";
        List.of(
                        "CREATE TABLE goods (id INT PRIMARY KEY, label VARCHAR(40), amount INT, kind VARCHAR(10))",
                        "CREATE TABLE gadgets (id INT PRIMARY KEY)",
                        "CREATE TABLE notes (id INT PRIMARY KEY, extra LONGTEXT)",
                        "CREATE TABLE relics (id INT PRIMARY KEY)",
                        swept.formatted(40))
                .forEach(table -> site.sql(table).update());
        List.of(
                        "CREATE TABLE goods (id INT PRIMARY KEY, label VARCHAR(9), amount TINYINT, kind ENUM('a'))",
                        "CREATE TABLE notes (id INT PRIMARY KEY)",
                        swept.formatted(9))
                .forEach(table -> centre.sql(table).update());
        shop.send("POST", "/sync/capture", "{}");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void nothing_is_left_to_be_cured() {
        books.awaitDrained(PATIENCE);
        assertThat(shop.status().body().get("failed").asLong()).isZero();
        books.demandTruthfulTotals();
    }

    @ParameterizedTest
    @EnumSource(Refused.class)
    void a_change_is_refused_alone_and_cured_as_the_manual_says(Refused refused) {
        refused.steps(false).forEach(EveryReasonTest::take);
        site.sql("INSERT INTO users (name, email) VALUES ('Behind', UUID())").update();

        awaitTold(refused.record, refused.told);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                books.count(
                                        "sync_status = 'SYNCED' AND id = (SELECT MAX(id) FROM sync_queue WHERE table_name = 'users')"))
                        .as("what is behind it")
                        .isEqualTo(1));

        refused.steps(true).forEach(EveryReasonTest::take);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(latestOf(refused.record)).isEqualTo("SYNCED"));
        books.awaitDrained(PATIENCE);
        assertThat(shop.send("GET", "/sync/status?status=FAILED", null).body().get("records"))
                .isEmpty();
    }

    private static void take(String step) {
        String sql = step.substring(step.indexOf(' ') + 1);
        if (step.equals("drained")) {
            books.awaitDrained(PATIENCE);
        } else if (step.equals("retry")) {
            assertThat(shop.retryAll().body().get("retried").asInt()).isEqualTo(1);
        } else if (step.startsWith("site")) {
            site.sql(sql).update();
        } else {
            centre.sql(sql).update();
        }
    }

    @Test
    void a_change_that_is_corrected_at_the_site_needs_no_retry() {
        centre.sql("INSERT INTO users VALUES (9010, 'Of another', 'ten@example.org', NOW(6))")
                .update();
        long user = shop.addUser("Ann", "ten@example.org").id();
        awaitTold("users/" + user, "FAILED DUPLICATE_KEY users.email");

        shop.changeUser(user, "Ann", "ann.ten@example.org");
        books.awaitDrained(PATIENCE);

        JsonNode status = shop.status().body();
        assertThat(status.get("failed").asLong()).isZero();
        assertThat(status.get("overtaken").asLong()).isPositive();
        assertThat(status.at("/records/1/sync_status").asString()).isEqualTo("FAILED");
        assertThat(status.at("/records/1/overtaken_by").asLong())
                .isEqualTo(status.at("/records/0/id").asLong());
        assertThat(shop.retryAll().body().get("retried").asInt()).isZero();
        centre.sql("DELETE FROM users WHERE id = 9010").update();
    }

    @Test
    void what_another_site_delivered_stays_its_own_and_the_later_record_travels_under_another_key() throws Exception {
        try (var branch = new Branch(stack.bootstrapServers(), 1)) {
            branch.send();
            await().atMost(PATIENCE).until(() -> branch.acknowledged() == branch.sent());
            long taken = branch.firstId + 1;
            site.sql("INSERT INTO users (id, name, email) VALUES (?, 'Ours', 'ours@example.org')")
                    .param(taken)
                    .update();
            awaitTold("users/" + taken, "FAILED OTHER_SITE");

            site.sql("UPDATE users SET id = 11 WHERE id = ?").param(taken).update();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(latestOf("users/11")).isEqualTo("SYNCED"));
            assertThat(centre.sql("SELECT name FROM users WHERE id IN (11, ?) ORDER BY id")
                            .param(taken)
                            .query(String.class)
                            .list())
                    .containsExactly("Ours", "Branch");
            books.awaitDrained(PATIENCE);
            assertThat(shop.status().body().get("failed").asLong())
                    .as("the old key's insert and delete cannot be cured")
                    .isEqualTo(2);
            site.sql("UPDATE sync_queue SET sync_status = 'SYNCED' WHERE sync_status = 'FAILED' AND record_id = ?")
                    .param(String.valueOf(taken))
                    .update();
            long forgotten = site.sql("DELETE FROM sync_queue WHERE record_id = ?")
                    .param(String.valueOf(taken))
                    .update();
            site.sql("UPDATE sync_site SET failed = failed - ?")
                    .param(forgotten)
                    .update();
        }
    }

    @Test
    void a_change_stamped_with_an_epoch_that_is_over_is_refused_and_taken_under_the_present_one() throws Exception {
        try (var branch = new Branch(stack.bootstrapServers(), 2);
                var acknowledgements = new AcknowledgementsTopic(stack.bootstrapServers(), branch.site)) {
            branch.send(2, 1, branch.firstId + 1);
            branch.send(1, 2, branch.firstId + 2);
            branch.send(2, 3, branch.firstId + 3);
            await().atMost(PATIENCE).until(() -> branch.acknowledged() == 2);
            assertThat(acknowledgements.refusals()).containsExactly(new Refusal(2, Reason.STALE_EPOCH, null));

            branch.send(2, 2, branch.firstId + 2);

            await().atMost(PATIENCE).until(() -> branch.acknowledged() == 3);
        }
    }

    /** What somebody else writes in a change's name is told to the site like what an older centre cannot read. */
    @Test
    void a_change_whose_record_cannot_be_read_is_told_so_and_arrives_when_it_is_sent_again() {
        site.sql("INSERT INTO relics VALUES (12)").update();
        awaitTold(
                "relics/12",
                "PENDING UNKNOWN_TABLE relics: the centre does not take this table yet; sent again until it does");
        String claim = site.sql("""
                        SELECT CONCAT('{"v":1,"site":"', s.site, '","epoch":', s.epoch, ',"sequence":', MAX(q.id),
                            ',"operation":"UPSERT"}')
                        FROM sync_site s, sync_queue q WHERE q.table_name = 'relics' GROUP BY s.site, s.epoch
                        """).query(String.class).single();
        String topic = "sync.changes."
                + site.sql("SELECT site FROM sync_site").query(String.class).single();

        try (var stranger = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // it counts while the change is under way, once a second
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                stranger.send(new ProducerRecord<>(topic, claim.getBytes(UTF_8)))
                        .get();
                assertThat(told("relics/12"))
                        .contains("PENDING MALFORMED operation: the centre cannot read the record of this change;"
                                + " sent again until it can");
            });
        }
        centre.sql("CREATE TABLE relics (id INT PRIMARY KEY)").update();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(latestOf("relics/12")).isEqualTo("SYNCED"));
    }

    /** As after DB_A was restored: TRUNCATE tells nobody what it took away. */
    @Test
    void a_row_that_only_the_centre_has_is_swept_though_it_makes_another_row_fail() {
        site.sql("INSERT INTO swept VALUES (1, 'lost', 'a'), (3, 'kept', 'old')")
                .update();
        books.awaitDrained(PATIENCE);
        site.sql("TRUNCATE swept").update();
        site.sql("INSERT INTO swept VALUES (2, 'lost', 'b'), (3, 'kept', 'longer than nine')")
                .update();
        awaitTold("swept/2", "FAILED DUPLICATE_KEY swept.code");
        awaitTold("swept/3", "FAILED TOO_LONG swept.label");

        shop.send("POST", "/sync/resync", "{\"table\":\"swept\",\"delete_missing\":true}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(centre.sql("SELECT CONCAT(id, ' ', label) FROM swept")
                                .query(String.class)
                                .list())
                        .as("1 is swept, 3 is spared")
                        .containsExactly("3 old"));
        books.awaitDrained(PATIENCE);

        centre.sql("ALTER TABLE swept MODIFY label VARCHAR(40)").update();
        shop.retryAll();
        books.awaitDrained(PATIENCE);
        assertThat(Content.of(centre, "swept", "TRUE")).hasSize(2).isEqualTo(Content.of(site, "swept", "TRUE"));
    }

    private static void awaitTold(String record, String told) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told(record)).contains(told));
    }

    /** What the status says of the entries of a record, SYNCED ones aside. */
    private static List<String> told(String record) {
        var told = new ArrayList<String>();
        for (JsonNode entry :
                shop.send("GET", "/sync/status?limit=50", null).body().get("records")) {
            if (record.equals(entry.get("table_name").asString() + "/"
                    + entry.get("record_id").asString())) {
                told.add(entry.get("sync_status").asString() + " "
                        + entry.get("last_error").asString());
            }
        }
        return told;
    }

    private static String latestOf(String record) {
        return site.sql("SELECT sync_status FROM sync_queue WHERE CONCAT(table_name, '/', record_id) = ?"
                        + " ORDER BY id DESC LIMIT 1")
                .param(record)
                .query(String.class)
                .single();
    }
}

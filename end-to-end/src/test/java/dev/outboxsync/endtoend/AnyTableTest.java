package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Tables that nothing in Java knows, at two sites, put under sync by SQL and SYNC_TABLES alone. */
@TestMethodOrder(MethodOrderer.Random.class)
@Tag("slow")
class AnyTableTest {
    private static final List<String> LIBRARY = List.of("authors", "books", "loans", "shelves");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static DevelopmentStack stack;
    private static Side one;
    private static Side two;
    private static JdbcClient centre;

    /** One site: its database, its books and its API. */
    private record Side(JdbcClient sql, Books books, Shop shop) {
        void drained() {
            books.awaitDrained(PATIENCE);
        }
    }

    @BeforeAll
    static void start() {
        String tables = "users,orders,everything,files," + String.join(",", LIBRARY) + ",keyless,later";
        stack = DevelopmentStack.of(new StackPlan(Path.of("target", "two-sites"))
                .twoSites()
                .freePorts()
                .startedOften()
                .fresh()
                .tables(tables)
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "* * * * * *")
                .setting(StackPlan.OUTBOX_RELAY_2, "SYNC_CRON", "* * * * * *"));
        stack.start();
        String token = stack.environment().get("SYNC_TOKEN");
        var first = new Books(stack.databaseA(), stack.databaseB());
        var second = new Books(stack.secondDatabaseA(), stack.databaseB());
        one = new Side(first.local(), first, new Shop(stack.url(StackPlan.LOCAL_API), token));
        two = new Side(second.local(), second, new Shop(stack.url(StackPlan.LOCAL_API_2), token));
        centre = first.central();
        List.of(one.sql(), two.sql(), centre).forEach(AnyTableTest::makeTables);
        one.shop().send("POST", "/sync/capture", "{}");
        two.shop().send("POST", "/sync/capture", "{}");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static void makeTables(JdbcClient database) {
        for (String table : List.of(
                EveryType.TABLE,
                "CREATE TABLE files (id INT PRIMARY KEY, content LONGBLOB)",
                "CREATE TABLE keyless (id INT)",
                "CREATE TABLE authors (code VARCHAR(20) PRIMARY KEY, name VARCHAR(40))",
                "CREATE TABLE shelves (id BIGINT PRIMARY KEY, label VARCHAR(20) UNIQUE)",
                "CREATE TABLE books (id BIGINT PRIMARY KEY, author VARCHAR(20), shelf BIGINT, title VARCHAR(40),"
                        + " FOREIGN KEY (author) REFERENCES authors (code) ON DELETE CASCADE ON UPDATE CASCADE,"
                        + " FOREIGN KEY (shelf) REFERENCES shelves (id) ON DELETE SET NULL)",
                "CREATE TABLE loans (book BIGINT, day DATE, who VARCHAR(20), PRIMARY KEY (book, day),"
                        + " FOREIGN KEY (book) REFERENCES books (id) ON DELETE CASCADE)")) {
            database.sql(table).update();
        }
    }

    @Test
    void every_type_arrives_as_it_is_with_its_extremes() {
        EveryType.insertRows(stack.databaseA());

        one.drained();

        assertThat(one.books().count("sync_status = 'FAILED' AND table_name = 'everything'"))
                .isZero();
        assertSame(one.sql(), "everything", "TRUE");
        assertThat(Content.of(centre, "everything", "TRUE")).hasSize(3);
        one.sql()
                .sql("UPDATE everything SET tiny = 1, hidden = 8, d = 0.1, k2 = x'27' WHERE k1 LIKE 'm%'")
                .update();
        one.sql().sql("DELETE FROM everything WHERE k1 = 'null'").update();
        one.drained();
        assertSame(one.sql(), "everything", "TRUE");
    }

    @Test
    void a_row_too_large_for_kafka_is_failed_and_holds_nothing_up() {
        one.sql()
                .sql("INSERT INTO files VALUES (1, REPEAT('x', 15 * 1024 * 1024))")
                .update();
        one.sql().sql("INSERT INTO files VALUES (2, 'small')").update();

        one.drained();

        assertThat(one.sql()
                        .sql(
                                "SELECT CONCAT(sync_status, ' ', last_error) FROM sync_queue WHERE table_name = 'files' AND record_id = '1'")
                        .query(String.class)
                        .single())
                .startsWith("FAILED TOO_LARGE");
        assertSame(one.sql(), "files", "id = 2");
        one.sql().sql("DELETE FROM files").update();
    }

    @Test
    void thousands_of_random_statements_at_two_sites_one_cut_off_end_in_their_union() {
        var first = CompletableFuture.runAsync(() -> LibraryWriter.writeAtRandom(one.sql(), "one", 0, 1_000));
        two.shop().switchOnline(false);
        var second =
                CompletableFuture.runAsync(() -> LibraryWriter.writeAtRandom(hoursBehind(), "two", 1_000_000, 1_000));
        first.join();
        second.join();
        two.shop().switchOnline(true);

        one.drained();
        two.drained();

        assertUnion();
        assertThat(two.books().count("last_updated_at < '2024-01-01'"))
                .as("captured by another clock")
                .isPositive();
        emptyTheCentre("sync_version");
        resync();
        emptyTheCentre(LIBRARY.toArray(String[]::new));
        resync();
        emptyTheCentre("loans", "books", "authors", "shelves", "sync_version");
        resync();
    }

    /** The second site, as somebody whose clock stands in another year. */
    private static JdbcClient hoursBehind() {
        var site = stack.secondDatabaseA();
        return JdbcClient.create(new DriverManagerDataSource(
                site.url() + "?sessionVariables=timestamp=1700000000", site.user(), site.password()));
    }

    private static void emptyTheCentre(String... tables) {
        for (String table : tables) {
            centre.sql("DELETE FROM " + table).update();
        }
    }

    private static void resync() {
        for (Side side : List.of(one, two)) {
            assertThat(side.shop().send("POST", "/sync/resync", "{}").status()).isEqualTo(202);
        }
        for (Side side : List.of(one, two)) {
            assertThat(side.shop()
                            .addUser("Beside", UUID.randomUUID() + "@example.org")
                            .status())
                    .as("local-api answers throughout")
                    .isEqualTo(201);
            await().atMost(PATIENCE).until(() -> {
                var resyncs = side.shop().status().body().path("resyncs");
                return resyncs.valueStream()
                        .allMatch(resync -> resync.path("state").asString().equals("DONE"));
            });
            side.drained();
        }
        assertUnion();
    }

    private static void assertUnion() {
        for (String table : LIBRARY) {
            var union = new ArrayList<>(Content.of(one.sql(), table, "TRUE"));
            union.addAll(Content.of(two.sql(), table, "TRUE"));
            assertThat(Content.of(centre, table, "TRUE")).as(table).containsExactlyInAnyOrderElementsOf(union);
            assertThat(union).as(table).isNotEmpty();
        }
        for (Side side : List.of(one, two)) {
            assertThat(side.books()
                            .count("sync_status = 'FAILED' AND table_name IN ('authors', 'books', 'loans', 'shelves')"))
                    .isZero();
        }
    }

    @Test
    void a_resync_that_may_delete_takes_away_what_its_site_no_longer_holds_and_nothing_else() {
        one.sql().sql("INSERT INTO files VALUES (11, 'a'), (12, 'b')").update();
        two.sql().sql("INSERT INTO files VALUES (21, 'c')").update();
        one.drained();
        two.drained();
        centre.sql("INSERT INTO files VALUES (31, 'of nobody')").update();
        one.sql().sql("TRUNCATE files").update();
        one.sql().sql("INSERT INTO files VALUES (12, 'b')").update();

        one.shop().send("POST", "/sync/resync", "{\"table\":\"files\",\"delete_missing\":true}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(centre.sql("SELECT id FROM files ORDER BY id")
                                .query(Integer.class)
                                .list())
                        .containsExactly(12, 21, 31));
        one.drained();
        centre.sql("DELETE FROM files WHERE id = 31").update();
        one.sql().sql("DELETE FROM files").update();
        two.sql().sql("DELETE FROM files").update();
        one.drained();
        two.drained();
    }

    @Test
    void what_two_sites_both_claim_stays_with_the_first_and_the_later_is_told_why() {
        String email = "both@example.org";
        assertThat(one.shop().addUser("First", email).status()).isEqualTo(201);
        one.sql().sql("INSERT INTO files VALUES (77, 'first')").update();
        one.drained();
        var later = two.shop().addUser("Later", email);
        two.sql().sql("INSERT INTO files VALUES (77, 'later')").update();
        two.drained();

        assertThat(later.id()).isGreaterThan(1_000_000_000_000L);
        var failed = two.shop()
                .send("GET", "/sync/status?status=FAILED&limit=50", null)
                .body();
        assertThat(failed.path("records")
                        .valueStream()
                        .map(entry -> entry.path("last_error").asString()))
                .anyMatch(error -> error.startsWith("DUPLICATE_KEY users.email"))
                .anyMatch(error -> error.startsWith("OTHER_SITE"));
        assertThat(centre.sql("SELECT content FROM files WHERE id = 77")
                        .query(String.class)
                        .single())
                .isEqualTo("first");
        two.sql().sql("DELETE FROM files WHERE id = 77").update();
        one.sql().sql("DELETE FROM files WHERE id = 77").update();
        one.drained();
        two.drained();
    }

    @Test
    void a_table_that_changes_its_columns_on_one_side_first_arrives_when_the_other_has_caught_up() {
        for (JdbcClient side : List.of(one.sql(), centre)) {
            side.sql("CREATE TABLE later (id INT PRIMARY KEY, old VARCHAR(10))").update();
        }
        one.shop().send("POST", "/sync/capture", "{}");
        one.sql().sql("INSERT INTO later VALUES (1, 'x')").update();
        one.drained();

        one.sql()
                .sql("ALTER TABLE later ADD fresh INT NOT NULL DEFAULT 5, RENAME COLUMN old TO renamed")
                .update();
        one.shop().send("POST", "/sync/capture", "{}");
        one.sql().sql("UPDATE later SET fresh = 6").update();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(one.shop()
                                .status()
                                .body()
                                .at("/records/0/last_error")
                                .asString())
                        .startsWith("UNKNOWN_COLUMN later.")
                        .contains("sent again until they are"));
        centre.sql("ALTER TABLE later ADD fresh INT NOT NULL, RENAME COLUMN old TO renamed")
                .update();

        one.drained();
        assertSame(one.sql(), "later", "TRUE");
        assertThat(one.books().count("sync_status = 'FAILED' AND table_name = 'later'"))
                .isZero();
    }

    private static void assertSame(JdbcClient site, String table, String condition) {
        assertThat(Content.of(centre, table, condition)).as(table).isEqualTo(Content.of(site, table, condition));
    }
}

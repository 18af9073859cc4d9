package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.endtoend.Shop.Answer;
import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Either database is set back to a backup: it is noticed, nothing new is taken for something old, and there is a way back. */
@Tag("slow")
class RestoredDatabasesTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final List<String> SITE = List.of(StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY);

    private static DevelopmentStack stack;
    private static Shop shop;
    private static Books books;
    private int epoch;

    @BeforeAll
    static void start() throws IOException {
        stack = DevelopmentStack.of(new StackPlan(Files.createDirectories(Path.of("target", "restored")))
                .freePorts()
                .startedOften()
                .fresh()
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "* * * * * *")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_HELLOEVERY", "1s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_ACKNOWLEDGEMENTTIMEOUT", "10s")
                // A restored DB_A names the relay of the backup's moment as the one that leads: it is waited for.
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_LEASE", "5s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_SENDTIMEOUT", "3s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_CONNECTIVITYTIMEOUT", "1s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_LONGESTPAUSE", "2s"));
        stack.start();
        shop = new Shop(stack.url(StackPlan.LOCAL_API), stack.token());
        books = new Books(stack.databaseA(), stack.databaseB());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @BeforeEach
    void sell() {
        for (int i = 0; i < 3; i++) {
            shop.addOrder(user("Regular"), "12.50", "PAID");
        }
        books.awaitDrained(SOON);
        epoch = epoch();
    }

    /** Whatever happened, the till sells on and all of it arrives. */
    @AfterEach
    void everything_goes_on() {
        shop.changeUser(user("Later"), "Later still", email());
        books.awaitDrained(SOON);
        books.demandEqual();
        assertThat(books.count("sync_status = 'FAILED'")).isZero();
        int now = epoch();
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> epoch() == now);
    }

    @Test
    void a_restored_db_b_is_noticed_and_made_whole_by_itself_deletes_included() {
        long gone = user("To be deleted");
        long renamed = user("Before");
        books.awaitDrained(SOON);
        Dump dump = Dump.of(stack.databaseB());
        shop.removeUser(gone);
        shop.changeUser(renamed, "After", email());
        user("New");
        books.awaitDrained(SOON);

        stack.stop(StackPlan.CENTRAL_CONSUMER);
        dump.restore();
        stack.start(StackPlan.CENTRAL_CONSUMER);

        awaitEpoch(epoch + 1);
        awaitResyncs("DB_B_WENT_BACK");
        books.demandEqual();
    }

    @Test
    void a_db_b_restored_under_a_running_centre_that_has_a_backlog_is_noticed() {
        Dump dump = Dump.of(stack.databaseB());
        user("Acknowledged, then lost");
        books.awaitDrained(SOON);
        dump.restore();
        for (int i = 0; i < 20; i++) {
            user("On top " + i);
        }

        awaitEpoch(epoch + 1);
        awaitResyncs("DB_B_WENT_BACK");
        books.demandEqual();
    }

    @Test
    void a_db_b_made_anew_gets_everything_by_itself() {
        stack.stop(StackPlan.CENTRAL_CONSUMER);
        for (String table :
                List.of("orders", "users", "sync_version", "sync_acknowledgement", "sync_quarantine", "sync_site")) {
            books.central().sql("DELETE FROM " + table).update();
        }
        stack.start(StackPlan.CENTRAL_CONSUMER);

        awaitEpoch(epoch + 1);
        awaitResyncs("DB_B_WENT_BACK");
        books.demandEqual();
    }

    @Test
    void a_restored_db_a_is_noticed_and_a_person_decides_about_what_only_db_b_has() {
        long renamed = user("Before");
        books.awaitDrained(SOON);
        Dump dump = Dump.of(stack.databaseA());
        shop.changeUser(renamed, "Lost at the site", email());
        long lost = user("Only at the centre");
        books.awaitDrained(SOON);

        restoreSite(dump);

        awaitEpoch(epoch + 1);
        awaitResyncs("DB_A_WENT_BACK");
        assertThat(nameAtCentre(renamed)).isEqualTo("Before");
        assertThat(user("New")).as("not the key of a row that was lost").isGreaterThan(lost);
        books.awaitDrained(SOON);
        assertThat(nameAtCentre(lost)).as("left to a person").isEqualTo("Only at the centre");

        Dump central = Dump.of(stack.databaseB());
        shop.changeUser(renamed, "Acknowledged, then lost at the centre", email());
        books.awaitDrained(SOON);
        central.restore();

        awaitEpoch(epoch + 2);
        awaitResyncs("DB_B_WENT_BACK");
        assertThat(nameAtCentre(renamed)).isEqualTo("Acknowledged, then lost at the centre");
        assertThat(nameAtCentre(lost)).as("nobody has decided yet").isEqualTo("Only at the centre");
        deleteMissing();
    }

    @Test
    void what_is_written_on_top_of_a_restored_db_a_is_not_taken_for_what_was_lost() {
        Dump dump = Dump.of(stack.databaseA());
        long lost = user("Lost at the site");
        books.awaitDrained(SOON);

        SITE.forEach(stack::stop);
        dump.restore();
        books.local()
                .sql("INSERT INTO users (name, email) VALUES ('On top', ?)")
                .param(email())
                .update();
        SITE.parallelStream().forEach(stack::start);

        awaitEpoch(epoch + 1);
        books.awaitDrained(SOON);
        assertThat(nameAtCentre(lost)).as("the same key, given anew").isEqualTo("On top");
        deleteMissing();
    }

    @Test
    void a_db_a_restored_under_running_services_is_noticed() {
        Dump dump = Dump.of(stack.databaseA());
        user("Lost at the site");
        books.awaitDrained(SOON);

        dump.restore();
        books.local()
                .sql("INSERT INTO users (name, email) VALUES ('On top', ?)")
                .param(email())
                .update();

        awaitEpoch(epoch + 1);
        awaitResyncs("DB_A_WENT_BACK");
        deleteMissing();
    }

    @Test
    void both_restored_to_different_moments_come_together() {
        Dump central = Dump.of(stack.databaseB());
        user("Lost at both");
        books.awaitDrained(SOON);
        Dump local = Dump.of(stack.databaseA());
        user("Lost at the site");
        books.awaitDrained(SOON);

        stack.stop(StackPlan.CENTRAL_CONSUMER);
        central.restore();
        restoreSite(local);
        stack.start(StackPlan.CENTRAL_CONSUMER);

        awaitEpoch(epoch + 1);
        awaitResyncs("WENT_BACK");
        deleteMissing();
    }

    @Test
    void a_db_a_made_anew_does_not_empty_the_centre() {
        long before = customers();
        SITE.forEach(stack::stop);
        for (String table : List.of("orders", "users")) {
            books.local().sql("DELETE FROM " + table).update();
            books.local().sql("ALTER TABLE " + table + " AUTO_INCREMENT = 1").update();
        }
        for (String table : List.of("sync_queue", "sync_receipt", "sync_resync")) {
            books.local().sql("TRUNCATE " + table).update();
        }
        books.local().sql("""
                        UPDATE sync_site
                        SET epoch = 1, acknowledgement_number = 0, acknowledgement_mark = '', synced = 0, failed = 0
                        """).update();
        SITE.parallelStream().forEach(stack::start);

        await().atMost(SOON).until(() -> epoch() > 1);
        assertThat(customers()).isEqualTo(before);
        deleteMissing();
        assertThat(customers()).isZero();
    }

    private static void restoreSite(Dump dump) {
        SITE.forEach(stack::stop);
        dump.restore();
        SITE.parallelStream().forEach(stack::start);
    }

    private static long user(String name) {
        Answer answer = shop.addUser(name, email());
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        return answer.id();
    }

    private static String email() {
        return UUID.randomUUID() + "@example.org";
    }

    private static int epoch() {
        return books.local()
                .sql("SELECT epoch FROM sync_site")
                .query(Integer.class)
                .single();
    }

    private static void awaitEpoch(int expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(epoch()).isEqualTo(expected));
    }

    private static void awaitResyncs(String cause) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(count("SELECT COUNT(*) FROM sync_site WHERE resync_due IS NOT NULL"))
                    .isZero();
            assertThat(count("SELECT COUNT(*) FROM sync_resync WHERE state <> 'DONE'"))
                    .isZero();
            assertThat(count("SELECT COUNT(*) FROM sync_resync WHERE cause LIKE '%" + cause + "'"))
                    .isPositive();
        });
        books.awaitDrained(SOON);
    }

    /** What the README says a person does. */
    private static void deleteMissing() {
        assertThat(shop.send("POST", "/sync/resync", "{\"delete_missing\":true}")
                        .status())
                .isEqualTo(202);
        awaitResyncs("REQUESTED");
        shop.retryAll();
        books.awaitDrained(SOON);
    }

    private static long count(String query) {
        return books.local().sql(query).query(Long.class).single();
    }

    private static long customers() {
        return books.central()
                .sql("SELECT COUNT(*) FROM users")
                .query(Long.class)
                .single();
    }

    private static String nameAtCentre(long id) {
        return books.central()
                .sql("SELECT name FROM users WHERE id = ?")
                .param(id)
                .query(String.class)
                .single();
    }
}

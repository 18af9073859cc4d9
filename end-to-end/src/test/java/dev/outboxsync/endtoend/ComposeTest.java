package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.ComposeStack;
import dev.outboxsync.stack.StackPlan;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The promise on {@code docker-compose.yml} as it stands, in a project of its own on free ports. */
@Tag("docker")
class ComposeTest {
    private static final Duration TO_DRAIN = Duration.ofMinutes(3);
    private static final String PROJECT =
            "outbox-sync-test-" + ProcessHandle.current().pid();

    private static ComposeStack stack;

    @BeforeAll
    static void up() {
        stack = ComposeStack.of(
                PROJECT, new StackPlan(Path.of("target", "compose")).freePorts().fresh());
        stack.start();
    }

    @AfterAll
    static void down_leaves_nothing_behind() {
        stack.downWithData();
        List<String> remains = stack.remains();
        stack.close();

        assertThat(remains).isEmpty();
    }

    @Test
    void the_relay_cannot_reach_the_central_database() {
        assertThat(stack.reachesMySql(StackPlan.OUTBOX_RELAY, ComposeStack.DB_A))
                .as("its own, by name")
                .isTrue();
        assertThat(stack.reachesMySql(StackPlan.OUTBOX_RELAY, ComposeStack.DB_B))
                .as("the centre's, by name")
                .isFalse();
        assertThat(stack.reachesMySql(StackPlan.OUTBOX_RELAY, stack.address(ComposeStack.DB_B)))
                .as("the centre's, by address")
                .isFalse();
        assertThat(stack.reachesMySql(StackPlan.CENTRAL_CONSUMER, stack.address(ComposeStack.DB_A)))
                .as("the site's, from the centre")
                .isFalse();
    }

    @Test
    void whatever_is_killed_in_mid_load_nothing_is_lost_and_volumes_survive_down() throws Exception {
        List<String> stored;
        try (var till = new PatientTill(shop(), "kills")) {
            for (String victim : List.of(
                    StackPlan.OUTBOX_RELAY,
                    StackPlan.CENTRAL_CONSUMER,
                    StackPlan.LOCAL_API,
                    ComposeStack.KAFKA,
                    ComposeStack.DB_A,
                    ComposeStack.DB_B)) {
                int before = till.sold();
                await().atMost(TO_DRAIN).until(() -> till.sold() > before + 50);
                stack.kill(victim);
                stack.up();
            }
            stored = List.copyOf(till.stored());
        }
        demandArrived(stored);

        stack.down();
        stack.up();

        demandArrived(stored);
        int after = shop().addUser("Ann", "after-down@example.org").status();
        assertThat(after).isEqualTo(201);
        demandArrived(stored);
    }

    private static void demandArrived(List<String> stored) {
        List.of(StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY, StackPlan.CENTRAL_CONSUMER)
                .forEach(stack::awaitReady);
        await().atMost(TO_DRAIN).until(() -> shop().runCycle().status() == HttpURLConnection.HTTP_OK);
        // Each start gives the containers other addresses.
        var books = new Books(stack.databaseA(), stack.databaseB());
        books.awaitDrained(TO_DRAIN);
        books.demandEqualAndSynced();
        assertThat(books.central()
                        .sql("SELECT email FROM users")
                        .query(String.class)
                        .list())
                .containsAll(stored);
    }

    private static Shop shop() {
        return new Shop(stack.url(StackPlan.LOCAL_API), stack.token());
    }
}

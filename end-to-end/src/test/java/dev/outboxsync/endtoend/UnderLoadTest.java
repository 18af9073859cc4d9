package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.event.Site;
import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promise while several clients write at once and parts are killed under them. */
class UnderLoadTest {
    private static final Duration TO_DRAIN = Duration.ofMinutes(4);

    private final DevelopmentStack stack = TheStack.running();
    private final Books books = TheStack.books();

    @Test
    void twenty_thousand_mixed_changes_arrive_in_order_without_a_violation() throws Exception {
        run(20_000, List.of());
    }

    @Test
    void killing_relay_and_centre_in_mid_load_changes_nothing() throws Exception {
        run(
                12_000,
                List.of(
                        StackPlan.OUTBOX_RELAY,
                        StackPlan.CENTRAL_CONSUMER,
                        StackPlan.OUTBOX_RELAY,
                        StackPlan.CENTRAL_CONSUMER));
    }

    @Test
    void killing_kafka_and_the_central_database_in_mid_load_changes_nothing() throws Exception {
        run(8_000, List.of(StackPlan.KAFKA, StackPlan.MYSQL_B));
    }

    private void run(int changes, List<String> victims) throws Exception {
        books.awaitDrained(TO_DRAIN);
        try (var journal = new CentralJournal(books.local(), books.central());
                var acknowledgements = new AcknowledgementsTopic(stack.bootstrapServers(), new Site("site-1"));
                var writers = new Writers(TheStack.shop(), stack.databaseA(), changes)) {
            writers.start(changes);
            for (int i = 0; i < victims.size(); i++) {
                int then = changes * (i + 1) / (victims.size() + 1);
                await().atMost(TO_DRAIN).until(() -> writers.written() >= then || writers.isDone());
                stack.kill9(victims.get(i));
            }
            writers.join();

            books.awaitDrained(TO_DRAIN);

            books.demandEqualAndSynced();
            journal.demandAscending();
            assertThat(acknowledgements.refusals()).isEmpty();
        }
    }
}

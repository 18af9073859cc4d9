package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** Several central-consumers are one group: they share the sites, and one that dies is replaced by the others. */
class TwoCentresTest {
    private static final String SECOND = "central-consumer-2";
    private static final String GROUP = "central-consumer";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int BRANCHES = 6;
    private static final int ROUNDS = 3_000;

    @Test
    void two_centres_share_the_sites_and_when_one_is_killed_the_other_takes_over_without_a_loss() throws Exception {
        StackPlan plan = new StackPlan(Path.of("target", "two-centres"))
                .freePorts()
                .startedOften()
                .fresh()
                .without(StackPlan.OUTBOX_RELAY)
                .without(StackPlan.LOCAL_API)
                .also(SECOND, StackPlan.CENTRAL_CONSUMER);
        try (DevelopmentStack stack = DevelopmentStack.of(plan);
                Admin admin = startAndReach(stack)) {
            List<Branch> branches = IntStream.rangeClosed(1, BRANCHES)
                    .mapToObj(number -> new Branch(stack.bootstrapServers(), number))
                    .toList();
            await().atMost(LIMIT).until(() -> membersAtWork(admin) == 2);

            for (int round = 0; round < ROUNDS; round++) {
                branches.forEach(Branch::send);
                if (round == ROUNDS / 2) {
                    stack.kill9(SECOND);
                }
            }

            for (Branch branch : branches) {
                await().atMost(LIMIT).until(() -> branch.acknowledged() == branch.sent());
            }
            Books books = new Books(stack.databaseA(), stack.databaseB());
            for (Branch branch : branches) {
                long stored = books.central()
                        .sql("SELECT COUNT(*) FROM users WHERE id > ? AND id <= ?")
                        .params(branch.firstId, branch.firstId + ROUNDS)
                        .query(Long.class)
                        .single();
                assertThat(stored).as(branch.site.name()).isEqualTo(branch.sent());
                branch.close();
            }
        }
    }

    private static Admin startAndReach(DevelopmentStack stack) {
        stack.start();
        return Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
    }

    /** How many members of the group have a site to serve. */
    private static long membersAtWork(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP).members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }
}

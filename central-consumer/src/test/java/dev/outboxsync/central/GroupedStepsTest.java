package dev.outboxsync.central;

import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.ForeignKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server-dependent")
class GroupedStepsTest {
    private static final List<ForeignKey> KEYS = List.of(InMemoryRows.ORDERS_USER);

    @Test
    void a_mixed_batch_takes_one_step_for_each_statement_of_each_table() {
        List<Step> steps = GroupedSteps.of(
                List.of(
                        user(INSERT, 1, "a"),
                        order(INSERT, 1, 1),
                        user(INSERT, 2, "b"),
                        order(UPDATE, 1, 2),
                        order(INSERT, 2, 2),
                        order(DELETE, 1, 2),
                        user(UPDATE, 2, "c")),
                KEYS);

        assertThat(steps)
                .extracting(step -> step.statement() + " " + step.table().name() + " "
                        + step.rows().size())
                .containsExactly(
                        "INSERT users 2", "INSERT orders 2", "UPDATE users 1", "UPDATE orders 1", "DELETE orders 1");
    }

    @Test
    void rows_of_other_columns_or_of_another_order_of_them_take_steps_of_their_own() {
        List<RowChange> changes = List.of(
                user(INSERT, 1, "a"),
                change(INSERT, "users", "{\"id\":\"2\",\"name\":\"n\"}"),
                change(INSERT, "users", "{\"id\":\"3\",\"email\":\"c\",\"name\":\"n\"}"));

        assertThat(GroupedSteps.of(changes, KEYS)).hasSize(3);
        assertThat(Step.inOrder(changes)).hasSize(3);
    }

    @Test
    void children_are_deleted_before_their_parents() {
        List<Step> steps = GroupedSteps.of(List.of(order(DELETE, 1, 1), user(DELETE, 1, "a")), KEYS);

        assertThat(steps).extracting(step -> step.table().name()).containsExactly("orders", "users");
    }

    @Test
    void a_row_that_is_made_again_is_written_after_its_delete() {
        List<Step> steps = GroupedSteps.of(List.of(order(DELETE, 1, 1), order(INSERT, 1, 1)), KEYS);

        assertThat(steps).extracting(Step::statement).containsExactly(DELETE, INSERT);
    }

    /** Or else what the lane's order refuses would depend on where a batch ends. */
    @Test
    void what_is_accepted_in_groups_is_accepted_in_order_with_the_same_rows() {
        int accepted = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            var before = new InMemoryRows();
            accept(changes(random, before, 8), before);
            List<RowChange> batch = changes(random, before, 2 + random.nextInt(8));

            InMemoryRows grouped = before.copy();
            if (isAccepted(GroupedSteps.of(batch, KEYS), grouped)) {
                accepted++;
                InMemoryRows ordered = before.copy();
                assertThat(isAccepted(Step.inOrder(batch), ordered))
                        .describedAs("seed %d, %s", seed, batch)
                        .isTrue();
                assertThat(grouped.tables).describedAs("seed %d", seed).isEqualTo(ordered.tables);
            }
        }
        assertThat(accepted).isGreaterThan(2_000);
    }

    private static void accept(List<RowChange> changes, InMemoryRows rows) {
        var centre = new InMemoryTransaction(rows);
        changes.forEach(centre::writeAlone);
    }

    private static boolean isAccepted(List<Step> steps, InMemoryRows rows) {
        var centre = new InMemoryTransaction(rows);
        try {
            steps.forEach(centre::write);
            return true;
        } catch (UnexpectedStateException refused) {
            return false;
        }
    }

    /** Changes of few rows with few addresses, each with the statement that it has when all before it were accepted. */
    private static List<RowChange> changes(Random random, InMemoryRows before, int count) {
        Set<String> users = new HashSet<>(before.tables.get("users").keySet());
        Set<String> orders = new HashSet<>(before.tables.get("orders").keySet());
        var changes = new ArrayList<RowChange>();
        for (int i = 0; i < count; i++) {
            int id = 1 + random.nextInt(5);
            boolean ofUser = random.nextBoolean();
            Operation statement = statement(random, ofUser ? users : orders, String.valueOf(id));
            changes.add(
                    ofUser
                            ? user(statement, id, "e" + random.nextInt(9))
                            : order(statement, id, 1 + random.nextInt(5)));
        }
        return changes;
    }

    private static Operation statement(Random random, Set<String> living, String id) {
        if (random.nextInt(3) == 0) {
            living.remove(id);
            return DELETE;
        }
        return living.add(id) ? INSERT : UPDATE;
    }

    private static RowChange user(Operation statement, int id, String email) {
        return change(statement, "users", "{\"id\":\"%d\",\"name\":\"n\",\"email\":\"%s\"}".formatted(id, email));
    }

    private static RowChange order(Operation statement, int id, int user) {
        return change(statement, "orders", "{\"id\":\"%d\",\"user_id\":\"%d\"}".formatted(id, user));
    }

    private static RowChange change(Operation statement, String table, String row) {
        try {
            return new RowChange(statement, InMemoryRows.SHAPES.get(table), RowImage.ofJson(row));
        } catch (MalformedRecordException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

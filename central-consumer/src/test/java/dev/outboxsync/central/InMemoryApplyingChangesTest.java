package dev.outboxsync.central;

import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.central.InMemoryCentralDatabase.Fault;
import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.SequenceRange;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InMemoryApplyingChangesTest extends ApplyingChangesContract {
    private final InMemoryCentralDatabase database = new InMemoryCentralDatabase();

    @Test
    void a_batch_that_was_lost_before_its_commit_is_applied_when_it_comes_again() {
        byte[] change = site.user(1, INSERT, 1, "Ann");
        database.plan(Fault.BEFORE_COMMIT);
        assertThatThrownBy(() -> apply(change)).isInstanceOf(IllegalStateException.class);
        assertThat(users()).isEmpty();

        Acknowledgement acknowledgement = apply(change);

        assertThat(acknowledgement.id().number()).isEqualTo(1);
        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 1));
        assertThat(users()).containsOnlyKeys("1");
    }

    @Test
    void a_batch_whose_commit_was_not_heard_of_is_acknowledged_when_it_comes_again() {
        byte[][] changes = {site.user(1, INSERT, 1, "Ann"), site.user(2, UPDATE, 1, "Anna")};
        database.plan(Fault.AFTER_COMMIT);
        assertThatThrownBy(() -> apply(changes)).isInstanceOf(IllegalStateException.class);

        Acknowledgement acknowledgement = apply(changes);

        assertThat(acknowledgement.id().number()).isEqualTo(2);
        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 2));
        assertThat(users()).containsEntry("1", "Anna u1@example.org");
    }

    @Override
    CentralDatabase database() {
        return database;
    }

    @Override
    Map<String, String> users() {
        return rows("users", "name", "email");
    }

    @Override
    Map<String, String> orders() {
        return rows("orders", "user_id", "amount", "status");
    }

    private Map<String, String> rows(String table, String... columns) {
        var rows = new TreeMap<String, String>();
        database.committed()
                .tables
                .get(table)
                .forEach((id, row) ->
                        rows.put(id, Stream.of(columns).map(row::get).collect(Collectors.joining(" "))));
        return rows;
    }

    @Override
    Map<Long, byte[]> quarantined() {
        var values = new HashMap<Long, byte[]>();
        database.committed()
                .quarantine
                .forEach((offset, poison) -> values.put(offset, poison.record().value()));
        return values;
    }
}

package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyncStatusTest {
    private static final Map<SyncStatus, Set<SyncStatus>> ALLOWED = Map.of(
            SyncStatus.PENDING, EnumSet.of(SyncStatus.SYNCED, SyncStatus.FAILED),
            SyncStatus.FAILED, EnumSet.of(SyncStatus.PENDING),
            SyncStatus.SYNCED, EnumSet.noneOf(SyncStatus.class));

    @ParameterizedTest
    @EnumSource
    void a_row_goes_only_where_the_diagram_lets_it(SyncStatus from) {
        for (SyncStatus to : SyncStatus.values()) {
            assertThat(from.mayBecome(to))
                    .as(from + " to " + to)
                    .isEqualTo(ALLOWED.get(from).contains(to));
        }
    }
}

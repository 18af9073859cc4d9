package dev.outboxsync.queue;

import static java.util.stream.Collectors.groupingBy;

import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The triggers that put every change of a synced table into the queue, in the writer's own transaction: every writer is
 * captured, or cannot write.
 */
public final class CaptureTriggers {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureTriggers.class);

    private CaptureTriggers() {}

    /**
     * Makes the triggers as these tables ask for now, drops ours on tables that are captured no more, leaves alone what
     * already is so. Writers of a table wait while its triggers are swapped; no write slips between.
     *
     * @param beforehand is told, before a trigger is touched, the tables that the report will call uncaptured
     * @return {@code uncaptured} names the tables some of whose changes, or columns, were not captured until now:
     *     what rows they hold must be queued again; {@code failed} those that MySQL refuses, or that were locked for longer
     *     than 5 s: safe to repeat
     * @throws org.springframework.dao.DataAccessException on an outage
     */
    public static CaptureReport install(
            AdminDatabase admin, SiteNumber number, List<String> tables, Consumer<List<String>> beforehand) {
        CapturePlan plan = CapturePlan.of(admin.jdbc(), number, tables);
        List<String> missed = plan.captured().values().stream()
                .filter(shape -> !isWhole(shape, plan))
                .map(TableShape::name)
                .collect(Collectors.toCollection(ArrayList::new));
        beforehand.accept(List.copyOf(missed));
        Map<String, String> failed = new LinkedHashMap<>();
        changes(plan)
                .forEach((table, change) -> swap(admin, table, change).ifPresent(reason -> failed.put(table, reason)));
        missed.removeAll(failed.keySet());
        return new CaptureReport(missed, List.of(), plan.refused(), failed);
    }

    /** How these tables stand. Needs no more than the API's role. */
    public static CaptureReport look(JdbcClient jdbc, SiteNumber number, List<String> tables) {
        CapturePlan plan = CapturePlan.of(jdbc, number, tables);
        Map<String, Change> changes = changes(plan);
        changes.values().removeIf(Change::isEmpty);
        List<String> uncaptured = changes.keySet().stream()
                .filter(table -> Objects.requireNonNull(changes.get(table)).addsTriggers())
                .toList();
        List<String> outdated = changes.keySet().stream()
                .filter(table -> !uncaptured.contains(table))
                .toList();
        return new CaptureReport(uncaptured, outdated, plan.refused(), Map.of());
    }

    /** Whether every kind of change of this table is captured, whatever columns it has. Needs EXECUTE on the procedure alone. */
    public static boolean areOn(JdbcClient jdbc, String table) {
        List<PresentTrigger> ours = PresentTrigger.all(jdbc).stream()
                .filter(trigger -> trigger.table().equals(table) && CaptureTrigger.isOurs(trigger))
                .toList();
        return Stream.of(CaptureTrigger.Slot.INSERT, CaptureTrigger.Slot.UPDATE, CaptureTrigger.Slot.DELETE)
                .allMatch(slot -> ours.stream().anyMatch(slot::isOf));
    }

    /** By table: what must be dropped and made there. */
    private static Map<String, Change> changes(CapturePlan plan) {
        Map<String, List<CaptureTrigger>> wanted = plan.triggers().stream()
                .collect(groupingBy(CaptureTrigger::table, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<PresentTrigger>> ours = plan.present().stream()
                .filter(trigger -> !CaptureTrigger.isSomebodyElses(trigger))
                .collect(groupingBy(PresentTrigger::table, LinkedHashMap::new, Collectors.toList()));
        Map<String, Change> changes = new LinkedHashMap<>();
        // what is only dropped comes first: a table that was given another name still has the triggers of its old one
        Stream.concat(ours.keySet().stream().filter(table -> !wanted.containsKey(table)), wanted.keySet().stream())
                .forEach(table -> {
                    List<CaptureTrigger> make = wanted.getOrDefault(table, List.of());
                    List<PresentTrigger> drop = ours.getOrDefault(table, List.of());
                    if (drop.size() != make.size()
                            || !make.stream().allMatch(trigger -> trigger.isAmong(plan.present()))) {
                        changes.put(table, new Change(drop, make, plan.present()));
                    }
                });
        return changes;
    }

    /** Whether every change of the table has been captured, with the columns that the table has now. */
    private static boolean isWhole(TableShape table, CapturePlan plan) {
        return plan.triggers().stream()
                .filter(trigger -> trigger.table().equals(table.name())
                        && !trigger.captured().isEmpty())
                .allMatch(trigger -> plan.present().stream().anyMatch(trigger::capturesAs));
    }

    /** One table must not keep the others from being captured. Answers what MySQL said against this one. */
    private static Optional<String> swap(AdminDatabase admin, String table, Change change) {
        try {
            new JdbcTemplate(admin.dataSource())
                    .execute((ConnectionCallback<Boolean>) connection -> swap(connection, table, change));
            LOG.info("Table {}: its triggers are {}", table, change.isEmpty() ? "removed" : "made");
            return Optional.empty();
        } catch (DataAccessException e) {
            int code = MySqlFailure.of(e).code();
            if (code == 0) {
                throw e;
            }
            return Optional.of(
                    "The triggers of table " + table + " cannot be " + (change.isEmpty() ? "removed" : "made")
                            + " now: MySQL answers with error " + code + ", "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage()
                            + ". It is tried again by itself, and at once by POST /sync/capture.");
        }
    }

    private static boolean swap(Connection connection, String table, Change change) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Else a long transaction on the table would make every writer queue up behind us.
            statement.execute("SET SESSION lock_wait_timeout = 5");
            statement.execute("LOCK TABLES " + Identifiers.quoted(table) + " WRITE");
            try {
                for (String step : change.statements()) {
                    statement.execute(step);
                }
            } finally {
                statement.execute("UNLOCK TABLES");
            }
        }
        return true;
    }

    private record Change(List<PresentTrigger> drop, List<CaptureTrigger> make, List<PresentTrigger> present) {
        boolean isEmpty() {
            return make.isEmpty();
        }

        /** Whether one of those to be made has no forerunner. */
        boolean addsTriggers() {
            return !drop.stream()
                    .map(PresentTrigger::name)
                    .collect(Collectors.toSet())
                    .containsAll(make.stream().map(CaptureTrigger::name).toList());
        }

        List<String> statements() {
            var statements = new ArrayList<String>();
            drop.forEach(trigger -> statements.add(trigger.drop()));
            make.forEach(trigger -> statements.add(trigger.create(present)));
            return statements;
        }
    }
}

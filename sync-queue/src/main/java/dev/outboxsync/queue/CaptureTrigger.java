package dev.outboxsync.queue;

import dev.outboxsync.mysql.Identifiers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * One trigger of ours on one table.
 *
 * @param table name of the table
 * @param statements what the trigger does
 * @param captured the row image that it writes and how its columns are defined; empty where it writes none itself
 */
public record CaptureTrigger(String table, Slot slot, String statements, String captured) {
    /** The API sets it to NULL before a write and finds here the queue entry that the write made. */
    public static final String ENTRY_VARIABLE = "@outbox_sync_entry";

    /** A writer that traces sets its W3C {@code traceparent} here. */
    public static final String TRACE_VARIABLE = "@outbox_sync_traceparent";

    private static final int LONGEST_NAME = 64;
    private static final String STAMP = "'outbox-sync ";

    /**
     * When a trigger of ours fires. After a change ours is the first, so that what other triggers write because of it is
     * queued behind it; before one ours is the last, as MySQL's own cascade would be.
     */
    public enum Slot {
        INSERT("AFTER", "INSERT", "sync_insert_"),
        UPDATE("AFTER", "UPDATE", "sync_update_"),
        DELETE("AFTER", "DELETE", "sync_delete_"),
        BEFORE_UPDATE("BEFORE", "UPDATE", "sync_before_update_"),
        BEFORE_DELETE("BEFORE", "DELETE", "sync_before_delete_");

        private final String timing;
        private final String event;
        private final String prefix;

        Slot(String timing, String event, String prefix) {
            this.timing = timing;
            this.event = event;
            this.prefix = prefix;
        }

        boolean isOf(PresentTrigger trigger) {
            return timing.equals(trigger.timing()) && event.equals(trigger.event());
        }
    }

    /** At most 64 characters, for any table. */
    public String name() {
        return name(slot, table);
    }

    private static String name(Slot slot, String table) {
        String name = slot.prefix + table;
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        return name.substring(0, LONGEST_NAME - 9) + "_" + checksum(table);
    }

    private static String checksum(String text) {
        var checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", checksum.getValue());
    }

    /**
     * A literal in the body that tells one version of it from another: what information_schema shows of the rest is not
     * what it was (a doubled backtick comes out as text that was never there), and a comment does not outlive a dump.
     */
    private String stamp() {
        return STAMP + checksum(statements) + " " + stampOfColumns();
    }

    private String stampOfColumns() {
        return checksum(captured) + "'";
    }

    /** Whether one that is there captures the same columns, as they are defined now, in the same slot, whatever else it does. */
    boolean capturesAs(PresentTrigger trigger) {
        return isOurs(trigger)
                && trigger.table().equals(table)
                && slot.isOf(trigger)
                && trigger.body().contains(stampOfColumns());
    }

    /** Whether a trigger that is there is one of ours: no other bears such a name on such a table. */
    static boolean isOurs(PresentTrigger trigger) {
        return Arrays.stream(Slot.values())
                .anyMatch(slot -> slot.isOf(trigger) && trigger.name().equals(name(slot, trigger.table())));
    }

    /** Whether a trigger that is there was made by us for a table that has since been given another name. */
    static boolean isLeftOver(PresentTrigger trigger) {
        return !isOurs(trigger)
                && trigger.body().contains(STAMP)
                && Arrays.stream(Slot.values())
                        .anyMatch(slot -> slot.isOf(trigger) && trigger.name().startsWith(slot.prefix));
    }

    /** Whether a trigger that is there was not made by us. */
    static boolean isSomebodyElses(PresentTrigger trigger) {
        return !isOurs(trigger) && !isLeftOver(trigger);
    }

    /** What ours on this table may be called. */
    static Stream<String> names(String table) {
        return Arrays.stream(Slot.values()).map(slot -> name(slot, table));
    }

    /** Whether it is there, as it must be and where it must be among the others. */
    boolean isAmong(List<PresentTrigger> present) {
        List<PresentTrigger> sameSlot = inSlot(present);
        if (sameSlot.isEmpty()) {
            return false;
        }
        PresentTrigger mine = sameSlot.get(slot.timing.equals("AFTER") ? 0 : sameSlot.size() - 1);
        return mine.name().equals(name()) && mine.body().contains(stamp());
    }

    /** The statement that makes it in its place among those that are there. */
    String create(List<PresentTrigger> present) {
        return "CREATE TRIGGER %s %s %s ON %s FOR EACH ROW %s%s"
                .formatted(
                        Identifiers.quoted(name()),
                        slot.timing,
                        slot.event,
                        Identifiers.quoted(table),
                        place(present),
                        "BEGIN\n    DO " + stamp() + ";\n" + statements + "END");
    }

    private String place(List<PresentTrigger> present) {
        return inSlot(present).stream()
                .filter(trigger -> slot.timing.equals("AFTER") && isSomebodyElses(trigger))
                .findFirst()
                .map(first -> "PRECEDES " + Identifiers.quoted(first.name()) + " ")
                .orElse("");
    }

    private List<PresentTrigger> inSlot(List<PresentTrigger> present) {
        return present.stream()
                .filter(trigger -> trigger.table().equals(table) && slot.isOf(trigger))
                .toList();
    }
}

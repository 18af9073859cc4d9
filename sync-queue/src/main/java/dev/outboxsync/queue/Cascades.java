package dev.outboxsync.queue;

import static java.util.stream.Collectors.joining;

import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.ForeignKey.Rule;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.queue.CaptureTrigger.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a parent's row does to rows that refer to it, as statements of triggers on the parent: MySQL's own
 * cascades fire no triggers (MySQL 8 reference, "FOREIGN KEY Constraints"), so ours do the same before them, or touch
 * the rows behind them, and the children's triggers capture it.
 */
final class Cascades {
    private static final int LONGEST_MESSAGE = 128;

    private final String parent;
    private final @Nullable TableShape shape;
    private final List<Follower> followers;

    /**
     * @param shape of the parent, where it is captured itself
     * @param followers foreign keys whose children are captured, or lead to such
     */
    Cascades(String parent, @Nullable TableShape shape, List<Follower> followers) {
        this.parent = parent;
        this.shape = shape;
        this.followers = List.copyOf(followers);
    }

    /**
     * A foreign key that refers to the parent.
     *
     * @param child where the child is captured itself; null where it only leads to such
     * @param leadsOn whether others follow the very columns that follow the parent
     */
    record Follower(ForeignKey key, @Nullable TableShape child, boolean leadsOn) {
        /** Whether the child's own record changes its name when it follows. */
        boolean isNamedByIt() {
            return child != null && child.key().stream().map(Column::name).anyMatch(key.columns()::contains);
        }

        String sqlName() {
            return Identifiers.quoted(key.child());
        }
    }

    /** The triggers beside those that capture the parent's own rows. */
    List<CaptureTrigger> triggers() {
        String beforeDelete = followers.stream().map(Cascades::beforeDelete).collect(joining());
        String beforeUpdate = followers.stream()
                .filter(follower -> follower.child() != null && follower.key().onUpdate() == Rule.SET_NULL)
                .map(follower -> whereChanged(follower, setNull(follower)))
                .collect(joining());
        var triggers = new ArrayList<CaptureTrigger>();
        add(triggers, Slot.BEFORE_DELETE, whereChecked(beforeDelete));
        add(triggers, Slot.BEFORE_UPDATE, whereChecked(beforeUpdate));
        if (shape == null) {
            add(triggers, Slot.UPDATE, afterUpdate());
        }
        return triggers;
    }

    private void add(List<CaptureTrigger> triggers, Slot slot, String statements) {
        if (!statements.isEmpty()) {
            triggers.add(new CaptureTrigger(parent, slot, statements, ""));
        }
    }

    /** Has the rows that MySQL moved to the new key captured: they are written as they are. */
    String afterUpdate() {
        return whereChecked(movers().map(
                        follower -> whereChanged(follower, canFollow(follower) ? touch(follower) : refuse(follower)))
                .collect(joining()));
    }

    /** Whether rows follow the parent's primary key, and the new record can stand beside the old one for a moment. */
    boolean followTheKey() {
        return shape != null
                && !shape.otherUniqueKeys()
                && movers().anyMatch(follower -> followsThePrimaryKey(follower) && canFollow(follower));
    }

    /** Refuses a changed primary key that rows follow. */
    String demandNoFollowers() {
        return whereChecked(movers().filter(this::followsThePrimaryKey)
                .map(Cascades::refuse)
                .collect(joining()));
    }

    private Stream<Follower> movers() {
        return followers.stream()
                .filter(follower -> follower.child() != null && follower.key().onUpdate() == Rule.CASCADE);
    }

    private boolean followsThePrimaryKey(Follower follower) {
        return shape != null
                && shape.key().stream()
                        .map(Column::name)
                        .anyMatch(follower.key().referred()::contains);
    }

    private static boolean canFollow(Follower follower) {
        return !follower.isNamedByIt() && !follower.leadsOn();
    }

    private static String beforeDelete(Follower follower) {
        return switch (follower.key().onDelete()) {
            case CASCADE -> "    DELETE FROM " + follower.sqlName() + " WHERE " + refers(follower, "OLD") + ";\n";
            case SET_NULL -> follower.child() == null ? "" : setNull(follower);
            case RESTRICT -> "";
        };
    }

    private static String setNull(Follower follower) {
        return "    UPDATE " + follower.sqlName() + " SET " + assigned(follower, column -> "NULL") + " WHERE "
                + refers(follower, "OLD") + ";\n";
    }

    private static String touch(Follower follower) {
        return "    UPDATE " + follower.sqlName() + " SET " + assigned(follower, Function.identity()) + " WHERE "
                + refers(follower, "NEW") + ";\n";
    }

    private static String refuse(Follower follower) {
        String message = "Outbox Sync: rows of " + follower.key().child()
                + " follow this key. Insert the new record, move them, delete the old one";
        return "    IF EXISTS (SELECT 1 FROM " + follower.sqlName() + " WHERE " + refers(follower, "NEW") + ") THEN\n"
                + "    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
                + Capture.literal(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE))) + ";\n"
                + "    END IF;\n";
    }

    /** A session without checks, of an import for instance, has no cascades: MySQL itself leaves the children alone. */
    private static String whereChecked(String statements) {
        return statements.isEmpty() ? "" : "    IF @@foreign_key_checks THEN\n" + statements + "    END IF;\n";
    }

    private static String whereChanged(Follower follower, String statements) {
        String same = follower.key().referred().stream()
                .map(Identifiers::quoted)
                .map(column -> "CAST(OLD." + column + " AS BINARY) <=> CAST(NEW." + column + " AS BINARY)")
                .collect(joining(" AND "));
        return "    IF NOT (" + same + ") THEN\n" + statements + "    END IF;\n";
    }

    private static String assigned(Follower follower, Function<String, String> value) {
        return follower.key().columns().stream()
                .map(Identifiers::quoted)
                .map(column -> column + " = " + value.apply(column))
                .collect(joining(", "));
    }

    private static String refers(Follower follower, String row) {
        ForeignKey key = follower.key();
        return IntStream.range(0, key.columns().size())
                .mapToObj(i -> Identifiers.quoted(key.columns().get(i)) + " = " + row + "."
                        + Identifiers.quoted(key.referred().get(i)))
                .collect(joining(" AND "));
    }
}

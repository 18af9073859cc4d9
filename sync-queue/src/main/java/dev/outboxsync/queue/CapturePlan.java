package dev.outboxsync.queue;

import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.ForeignKey.Rule;
import dev.outboxsync.mysql.ForeignKeys;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which tables can be captured as the schema is now, by which triggers, and why the others cannot. */
final class CapturePlan {
    private static final int LONGEST_RECORD_ID = 255;

    private final List<ForeignKey> foreignKeys;
    private final List<PresentTrigger> present;
    private final Set<String> tooSmall;
    private final Map<String, TableShape> captured = new LinkedHashMap<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final List<CaptureTrigger> triggers = new ArrayList<>();

    private CapturePlan(List<ForeignKey> foreignKeys, List<PresentTrigger> present, Set<String> tooSmall) {
        this.foreignKeys = foreignKeys;
        this.present = present;
        this.tooSmall = tooSmall;
    }

    /** Reads what is there and plans. */
    static CapturePlan of(JdbcClient jdbc, SiteNumber number, List<String> tables) {
        var plan = new CapturePlan(ForeignKeys.read(jdbc), PresentTrigger.all(jdbc), number.tooSmall(jdbc, tables));
        var shapes = new TableShapes(jdbc);
        for (String table : tables) {
            Optional<TableShape> shape = shapes.find(table);
            plan.reasonAgainst(table, shape)
                    .or(() -> plan.reasonInNames(table))
                    .ifPresentOrElse(
                            reason -> plan.refused.put(table, "Table " + table + " " + reason + "."),
                            () -> plan.captured.put(table, shape.orElseThrow()));
        }
        plan.makeTriggers();
        return plan;
    }

    /** Those that can be captured, by name. */
    Map<String, TableShape> captured() {
        return captured;
    }

    /** Those that cannot, with a sentence that says why and what to do. */
    Map<String, String> refused() {
        return refused;
    }

    /** All triggers of ours that there should be. */
    List<CaptureTrigger> triggers() {
        return triggers;
    }

    /** All triggers that there are, anybody's. */
    List<PresentTrigger> present() {
        return present;
    }

    private Optional<String> reasonAgainst(String table, Optional<TableShape> shape) {
        if (table.startsWith("sync_")) {
            return Optional.of("is Outbox Sync's own. Take it out of SYNC_TABLES");
        }
        if (shape.isEmpty()) {
            return Optional.of("is not there. Create it, or take it out of SYNC_TABLES");
        }
        if (tooSmall.contains(table)) {
            return Optional.of(
                    "generates keys of a type that is too small for this SITE_NUMBER. Make the column BIGINT");
        }
        return reasonInShape(shape.get()).or(() -> reasonInCascades(table));
    }

    /** MySQL takes names of triggers for the same that differ in case or accents alone, those of tables it does not. */
    private Optional<String> reasonInNames(String table) {
        return captured.keySet().stream()
                .filter(other -> folded(other).equals(folded(table)))
                .findFirst()
                .map(other -> "has the name of table " + other + " but for case or accents, and MySQL would take their"
                        + " triggers for the same. Rename one of them")
                .or(() -> present.stream()
                        .filter(CaptureTrigger::isSomebodyElses)
                        .filter(trigger -> CaptureTrigger.names(table)
                                .anyMatch(name -> folded(name).equals(folded(trigger.name()))))
                        .findFirst()
                        .map(trigger -> "needs the name of a trigger of table " + trigger.table() + ", "
                                + trigger.name() + ". Rename that one: drop it and make it anew"));
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[\\u0300-\\u036f]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static Optional<String> reasonInShape(TableShape shape) {
        if (!shape.transactional()) {
            return Optional.of("is not of the engine InnoDB, so a change and its entry in the queue could not be one"
                    + " transaction. Run ALTER TABLE … ENGINE = InnoDB");
        }
        if (shape.key().isEmpty()) {
            return Optional.of("has no primary key, so its rows cannot be told apart. Give it one");
        }
        int longest = shape.key().stream().mapToInt(Column::longest).sum()
                + (shape.key().size() == 1 ? 0 : 4 * shape.key().size());
        if (longest > LONGEST_RECORD_ID) {
            return Optional.of("has a primary key of up to " + longest + " characters (binary ones count twice), and a"
                    + " record's name has at most " + LONGEST_RECORD_ID
                    + ". Shorten its columns, or give it another key");
        }
        return Optional.empty();
    }

    /** A trigger may not write a table that its own statement is already about (error 1442). */
    private Optional<String> reasonInCascades(String table) {
        if (foreignKeys.stream().anyMatch(key -> key.child().equals(table) && cascadesFromAfar(key))) {
            return Optional.of("has a foreign key that cascades from another database, where no trigger of ours is."
                    + " Use ON DELETE RESTRICT and ON UPDATE RESTRICT");
        }
        for (String above : withAncestors(table)) {
            if (withAncestors(above, false).contains(above)) {
                return Optional.of((above.equals(table) ? "has" : "follows " + above + ", which has")
                        + " foreign keys that cascade back to the table itself, which MySQL lets no trigger follow."
                        + " Use ON DELETE RESTRICT");
            }
        }
        return cascades()
                .filter(key -> key.child().equals(table))
                .flatMap(key -> present.stream()
                        .filter(trigger -> trigger.table().equals(table) && CaptureTrigger.isSomebodyElses(trigger))
                        .filter(trigger -> names(trigger, key.parent()))
                        .map(trigger -> "has the trigger " + trigger.name() + ", which is about " + key.parent()
                                + ", and a foreign key that cascades from there: MySQL lets no trigger do both."
                                + " Use ON DELETE RESTRICT, or have the trigger not touch " + key.parent()))
                .findFirst();
    }

    private static boolean cascadesFromAfar(ForeignKey key) {
        return key.parent().isEmpty() && (key.onDelete() != Rule.RESTRICT || key.onUpdate() != Rule.RESTRICT);
    }

    private static boolean names(PresentTrigger trigger, String table) {
        return !trigger.event().equals("INSERT")
                && Pattern.compile("(?<![\\w$])" + Pattern.quote(table) + "(?![\\w$])", Pattern.CASE_INSENSITIVE)
                        .matcher(trigger.body())
                        .find();
    }

    /** The foreign keys by which a DELETE writes other rows. */
    private Stream<ForeignKey> cascades() {
        return foreignKeys.stream()
                .filter(key -> key.onDelete() != Rule.RESTRICT && !key.parent().isEmpty());
    }

    private Set<String> withAncestors(String table) {
        return withAncestors(table, true);
    }

    /** All tables from whose rows a DELETE cascades to this one's, through others as well. */
    private Set<String> withAncestors(String table, boolean andItself) {
        Set<String> found = new TreeSet<>();
        if (andItself) {
            found.add(table);
        }
        List<String> unseen = new ArrayList<>(List.of(table));
        while (!unseen.isEmpty()) {
            String child = unseen.remove(0);
            cascades()
                    .filter(key -> key.child().equals(child))
                    .map(ForeignKey::parent)
                    .filter(found::add)
                    .forEach(unseen::add);
        }
        return found;
    }

    private void makeTriggers() {
        Set<String> watched = watched();
        Map<String, List<Cascades.Follower>> followers = new LinkedHashMap<>();
        captured.keySet().forEach(table -> followers.put(table, new ArrayList<>()));
        for (ForeignKey key : foreignKeys) {
            if (watched.contains(key.child())
                    && !key.child().equals(key.parent())
                    && !key.parent().isEmpty()) {
                followers
                        .computeIfAbsent(key.parent(), any -> new ArrayList<>())
                        .add(follower(key));
            }
        }
        followers.forEach((parent, all) -> {
            TableShape shape = captured.get(parent);
            var cascades = new Cascades(parent, shape, all);
            if (shape != null) {
                triggers.addAll(new Capture(shape).triggers(cascades));
            }
            triggers.addAll(cascades.triggers());
        });
    }

    private Cascades.Follower follower(ForeignKey key) {
        boolean leadsOn = foreignKeys.stream()
                .anyMatch(next -> next.parent().equals(key.child())
                        && next.onUpdate() != Rule.RESTRICT
                        && next.referred().stream().anyMatch(key.columns()::contains));
        return new Cascades.Follower(key, captured.get(key.child()), leadsOn);
    }

    /** The captured tables, and those that a DELETE passes on its way to them. */
    private Set<String> watched() {
        Set<String> watched = new HashSet<>(captured.keySet());
        boolean grew = true;
        while (grew) {
            grew = cascades()
                    .filter(key -> captured.containsKey(key.child())
                            || (watched.contains(key.child()) && key.onDelete() == Rule.CASCADE))
                    .map(ForeignKey::parent)
                    .toList()
                    .stream()
                    .map(watched::add)
                    .reduce(false, Boolean::logicalOr);
        }
        return watched;
    }
}

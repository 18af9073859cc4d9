package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a resync: the site has sent anew all that it holds of a table, or of a part of it.
 *
 * @param since what was last sent before this, the site does not hold any more
 * @param from lowest value of the key's first column; null for no bound
 * @param to highest value
 * @param except ids of records that the site holds, but whose change was refused: what is here of them stays
 * @param seen the greatest acknowledgement that the site had settled: a centre that does not remember it has lost rows
 *     which were sent anew
 */
record Sweep(
        Site site,
        String table,
        Version since,
        @Nullable String from,
        @Nullable String to,
        Set<String> except,
        AcknowledgementId seen) {
    /** The version that a deleted record gets: whatever the site has captured of it since is newer, and may still come. */
    Version buried() {
        return new Version(since.epoch(), since.sequence() - 1);
    }

    /** Empty when the event's row is not a sweep's. */
    static Optional<Sweep> of(ChangeEvent event) {
        var row = event.row().columns();
        try {
            String epoch = row.getOrDefault("epoch", String.valueOf(event.epoch()));
            String except = row.get("except");
            Set<String> spared = except == null ? Set.of() : Set.copyOf(RowFit.texts(except));
            if (except != null && spared.isEmpty()) {
                return Optional.empty(); // unreadable: better nothing is deleted than a row that the site holds
            }
            var since = new Version(
                    Integer.parseInt(String.valueOf(epoch)), Long.parseLong(String.valueOf(row.get("since"))));
            if (since.epoch() < 1 || since.sequence() < 0 || !since.isCoveredBy(event.version())) {
                return Optional.empty(); // what it deleted would be newer than all that the site ever sends
            }
            // not told by sites of an older version, nor before the first acknowledgement
            var seen = new AcknowledgementId(
                    Long.parseLong(Objects.requireNonNullElse(row.get("seen"), "0")),
                    Objects.requireNonNullElse(row.get("mark"), ""));
            return Optional.of(
                    new Sweep(event.site(), event.table(), since, row.get("from"), row.get("to"), spared, seen));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

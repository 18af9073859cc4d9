package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.mysql.TableShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides event by event, in the order of the lane, from what the centre remembers and what the batch has done. */
final class Decisions {
    private final CentralTransaction centre;
    private final SiteState site;
    private final KnownRecords known;
    private final Map<RecordKey, AppliedVersion> applied = new LinkedHashMap<>();
    private boolean tablesAreFresh;

    /** @param tablesAreFresh whether the tables were looked at within this transaction */
    Decisions(CentralTransaction centre, SiteState site, KnownRecords known, boolean tablesAreFresh) {
        this.centre = centre;
        this.site = site;
        this.known = known;
        this.tablesAreFresh = tablesAreFresh;
    }

    /** @throws UnexpectedStateException when a record that is only presumed to be new would be refused */
    Decision decide(ChangeEvent event) {
        Decision decision = decided(event);
        if (decision instanceof Decision.Refuse && !applied.containsKey(RecordKey.of(event))) {
            known.demandLook(event);
        }
        return decision;
    }

    private Decision decided(ChangeEvent event) {
        if (event.version().epoch() < site.epoch()) {
            return refuse(event, Reason.STALE_EPOCH, null);
        }
        AppliedVersion last = last(event);
        if (last != null && !last.owner().equals(event.site())) {
            return refuse(event, Reason.OTHER_SITE, null);
        }
        if (last != null && event.version().isCoveredBy(last.version())) {
            return new Decision.Superseded();
        }
        Decision decision = fitted(event, last);
        if (decision instanceof Decision.Refuse && !tablesAreFresh) {
            centre.forgetTables();
            tablesAreFresh = true;
            decision = fitted(event, last);
        }
        return decision;
    }

    /** Takes note that the event was, or will be, applied. */
    void remember(ChangeEvent event) {
        applied.put(RecordKey.of(event), AppliedVersion.after(event));
    }

    /** Writes down the last version of every record that was changed. */
    void save() {
        centre.remember(applied, known.remembered().keySet());
    }

    private @Nullable AppliedVersion last(ChangeEvent event) {
        RecordKey record = RecordKey.of(event);
        AppliedVersion inThisBatch = applied.get(record);
        return inThisBatch == null ? known.remembered().get(record) : inThisBatch;
    }

    private Decision fitted(ChangeEvent event, @Nullable AppliedVersion last) {
        Optional<TableShape> table = centre.table(event.table());
        if (table.isEmpty()) {
            return refuse(event, Reason.UNKNOWN_TABLE, event.table());
        }
        if (event.operation() == Operation.SWEEP) {
            return swept(event, table.get());
        }
        return RowFit.refusal(table.get(), event)
                .<Decision>map(refusal -> refuse(event, refusal.reason(), refusal.detail()))
                .orElseGet(() -> new Decision.Apply(new RowChange(statement(event, last), table.get(), event.row())));
    }

    /** Of a database that was restored since, it would delete what was sent anew and is lost here. */
    private Decision swept(ChangeEvent event, TableShape table) {
        Optional<Sweep> sweep = Sweep.of(event);
        if (sweep.isEmpty()) {
            return refuse(event, Reason.INVALID_VALUE, event.table());
        }
        return site.remembers(sweep.get().seen(), centre)
                ? new Decision.Sweeping(sweep.get(), table)
                : refuse(event, Reason.STALE_EPOCH, null);
    }

    private static Operation statement(ChangeEvent event, @Nullable AppliedVersion last) {
        if (event.operation() == Operation.DELETE) {
            return Operation.DELETE;
        }
        return last == null || last.deleted() ? Operation.INSERT : Operation.UPDATE;
    }

    private static Decision refuse(ChangeEvent event, Reason reason, @Nullable String detail) {
        return new Decision.Refuse(new Refusal(event.version().sequence(), reason, detail));
    }
}

package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.TableShape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One open transaction of the central database; reads see what had been committed when they run. */
interface CentralTransaction {
    /** Makes every other transaction about this site wait until this one has ended. */
    SiteState lock(Site site);

    void save(SiteState site);

    /**
     * Keeps the name of an acknowledgement of the site, until the site has said that it has seen it. It takes the place of
     * one that a restore under a running centre left behind.
     */
    void keep(Site site, AcknowledgementId given);

    /** Whether the site was given this acknowledgement, as far as such names are kept. */
    boolean gave(Site site, AcknowledgementId seen);

    /** Drops the kept names with a smaller number. */
    void forgetAcknowledgementsBefore(Site site, long number);

    /** What is remembered of these records; those never applied are missing. */
    Map<RecordKey, AppliedVersion> remembered(Set<RecordKey> records);

    /**
     * Remembers new versions.
     *
     * @param known records that {@link #remembered} told of, updated; all others are inserted
     * @throws UnexpectedStateException when somebody else wrote such a version meanwhile
     */
    void remember(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known);

    /** The shape of a table that is accepted from sites; empty when it is not accepted or not there. */
    Optional<TableShape> table(String name);

    /** The foreign keys between these tables. */
    List<ForeignKey> foreignKeys();

    /** Makes {@link #table} and {@link #foreignKeys} look again at what the tables are now. */
    void forgetTables();

    /**
     * Writes all rows of a step.
     *
     * @throws UnexpectedStateException when a row cannot be written so; the transaction must be rolled back
     */
    void write(Step step);

    /**
     * Writes one row: inserts what an UPDATE does not find, updates what an INSERT does.
     *
     * @return why this row cannot be written, the transaction being as before; empty when it was written
     */
    Optional<RowRefusal> writeAlone(RowChange change);

    /**
     * Writes rows of a table together: all are deleted, so far as they are there, and then inserted. Rows that refer to
     * them do so still.
     *
     * @return the one that cannot be written, the transaction being as before; empty when all were written
     */
    Optional<RowChange> rewrite(List<RowChange> changes);

    /**
     * Deletes the rows that a site delivered and has not sent again since.
     *
     * @return why it cannot be done, the transaction being as before; empty when it was
     */
    Optional<RowRefusal> sweep(Sweep sweep, TableShape table);

    /** Keeps these records byte for byte, and leaves those already kept as they are: answers the others. */
    List<Poison> quarantine(List<Poison> poison);
}

package dev.outboxsync.central;

import dev.outboxsync.event.Acknowledgement;
import java.util.Optional;

/**
 * What a committed batch has done.
 *
 * @param acknowledgement to be published; empty when the batch held nothing that its site could be told of
 * @param applied how many events changed a row
 * @param superseded how many had their effect, or a later one, already
 * @param quarantined the records that were no events, but for those that had come before
 */
public record AppliedBatch(
        Optional<Acknowledgement> acknowledgement, int applied, int superseded, PoisonTally quarantined) {}

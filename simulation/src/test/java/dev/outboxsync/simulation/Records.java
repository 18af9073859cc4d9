package dev.outboxsync.simulation;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import java.util.IdentityHashMap;

/** What the records say that lie in the topics: whoever watches asks often, and each is read once. */
final class Records {
    private final IdentityHashMap<byte[], LaneRecord> changes = new IdentityHashMap<>();
    private final IdentityHashMap<byte[], Acknowledgement> acknowledgements = new IdentityHashMap<>();

    LaneRecord laneRecord(byte[] value) {
        return changes.computeIfAbsent(value, bytes -> wellFormed(bytes, LaneRecordJson::read));
    }

    Acknowledgement acknowledgement(byte[] value) {
        return acknowledgements.computeIfAbsent(value, bytes -> wellFormed(bytes, AcknowledgementJson::read));
    }

    private static <T> T wellFormed(byte[] value, Reading<T> reading) {
        try {
            return reading.read(value);
        } catch (MalformedRecordException e) {
            throw new Violation("is not understood: %s".formatted(e.getMessage()));
        }
    }

    private interface Reading<T> {
        T read(byte[] value) throws MalformedRecordException;
    }
}

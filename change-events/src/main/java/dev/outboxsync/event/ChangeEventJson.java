package dev.outboxsync.event;

import org.jspecify.annotations.Nullable;

/** Change events as one line of JSON, version 1. */
public final class ChangeEventJson {
    private ChangeEventJson() {}

    /** The value of the event's Kafka record. */
    public static byte[] write(ChangeEvent event) {
        return EventJson.writeObject(json -> {
            json.writeStringProperty("site", event.site().name());
            json.writeNumberProperty("epoch", event.version().epoch());
            json.writeNumberProperty("sequence", event.version().sequence());
            json.writeStringProperty("table", event.table());
            json.writeStringProperty("operation", event.operation().name());
            json.writeStringProperty("record_id", event.recordId());
            json.writeStringProperty("captured_at", UtcTime.text(event.capturedAt()));
            json.writeName("row");
            json.writeRawValue(event.row().json());
        });
    }

    /**
     * Reads the value of a change's Kafka record.
     *
     * @throws MalformedRecordException if the value is no change event; says which field is to blame
     */
    public static ChangeEvent read(byte @Nullable [] value) throws MalformedRecordException {
        if (LaneRecordJson.read(value) instanceof ChangeEvent event) {
            return event;
        }
        throw new MalformedRecordException(MalformedRecordException.Problem.WRONG_FIELD, "sequence", null);
    }
}

package dev.outboxsync.event;

/** HELLOs as one line of JSON, version 1. {@link LaneRecordJson} reads them. */
public final class HelloJson {
    private HelloJson() {}

    /** The value of the HELLO's Kafka record. */
    public static byte[] write(Hello hello) {
        return EventJson.writeObject(json -> {
            json.writeStringProperty("site", hello.site().name());
            json.writeNumberProperty("epoch", hello.epoch());
            json.writeStringProperty("hello", hello.token());
            json.writeNumberProperty("seen", hello.seen().number());
            json.writeStringProperty("mark", hello.seen().mark());
        });
    }
}

package dev.outboxsync.stack;

import dev.outboxsync.stack.kafka.TopicTail;
import java.util.List;

/** A whole stack that the story can be told on: processes of this user, or containers. */
interface DemoStack extends AutoCloseable {
    /** Returns when everything is ready; otherwise stops it and throws a {@link StackProblem} that says why. */
    void start();

    /** Where a service is reached, without a slash at the end. */
    String url(String service);

    /** The token that steering demands. */
    String token();

    BothDatabases databases();

    /** Those of a second site, where the stack has one. */
    default BothDatabases secondDatabases() {
        throw new IllegalStateException("This stack has one site");
    }

    /** At most so many of the youngest records of a topic, the oldest first. */
    List<TopicTail.Entry> tail(String topic, int count);

    Directions directions();

    /** Stops everything in good order. */
    @Override
    void close();

    /**
     * Where a person finds what on this stack.
     *
     * @param envFile what a shell sources
     * @param logs where the logs are, to end a sentence with
     * @param places lines about what else can be reached
     * @param disturbance a command that ends a service, and what comes of it
     */
    record Directions(String envFile, String logs, List<String> places, String disturbance) {}
}

package dev.outboxsync.stack;

/** Decides what the servers run as: processes, or, with the system property {@code outbox-sync.parts=containers}, those. */
final class Parts {
    private static final boolean CONTAINERS = areContainersWanted(System.getProperty("outbox-sync.parts", "processes"));

    private Parts() {}

    static MySqlPart mySql(Place place, String rootPassword) {
        return CONTAINERS ? new ContainerMySql(place, rootPassword) : new PrivateMySql(place, rootPassword);
    }

    static KafkaPart kafka(Place place, int advertisedPort) {
        return CONTAINERS ? new ContainerKafka(place, advertisedPort) : new PrivateKafka(place, advertisedPort);
    }

    private static boolean areContainersWanted(String parts) {
        return switch (parts) {
            case "processes" -> false;
            case "containers" -> true;
            default -> throw new StackProblem("outbox-sync.parts=" + parts + ": use processes or containers.");
        };
    }
}

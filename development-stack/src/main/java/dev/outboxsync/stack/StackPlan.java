package dev.outboxsync.stack;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a stack is made of. Unchanged, it is the one of {@code ./demo}: six processes on their documented ports, polling
 * every two seconds. Not safe for use by several threads.
 */
public final class StackPlan {
    public static final String MYSQL_A = "mysql-a";
    public static final String MYSQL_B = "mysql-b";
    public static final String KAFKA = "kafka";
    public static final String LOCAL_API = "local-api";
    public static final String OUTBOX_RELAY = "outbox-relay";
    public static final String CENTRAL_CONSUMER = "central-consumer";

    /** What {@link #twoSites} adds. */
    public static final String MYSQL_A_2 = "mysql-a-2";

    public static final String LOCAL_API_2 = "local-api-2";
    public static final String OUTBOX_RELAY_2 = "outbox-relay-2";

    /** What {@link #campaigns} adds. */
    public static final String CAMPAIGN_PULL = "campaign-pull";

    static final String CAMPAIGN_PLATFORM = "campaign-platform";

    static final List<String> PROCESSES = List.of(MYSQL_A, MYSQL_B, KAFKA, LOCAL_API, OUTBOX_RELAY, CENTRAL_CONSUMER);

    private static final Map<String, Integer> DOCUMENTED_PORTS = Map.of(
            LOCAL_API, 8080, OUTBOX_RELAY, 8081, CENTRAL_CONSUMER, 8082, MYSQL_A, 13306, MYSQL_B, 13307, KAFKA, 19092);
    private static final Map<String, Integer> PORTS_OF_THE_SECOND_SITE =
            Map.of(LOCAL_API_2, 8180, OUTBOX_RELAY_2, 8181, MYSQL_A_2, 13308);

    private static final Map<String, Integer> PORTS_OF_CAMPAIGNS = Map.of(CAMPAIGN_PULL, 8083, CAMPAIGN_PLATFORM, 8084);

    private final Path folder;
    private final Path project;
    private final Map<String, Integer> ports = new LinkedHashMap<>(DOCUMENTED_PORTS);
    private final Map<String, String> services = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    private int kafkaAdvertisedPort;
    private String tables = "users,orders";
    private boolean twoSites;
    private boolean campaigns;
    private boolean fresh;
    private boolean leavesNoData;
    private boolean supervised;
    private boolean startedOften;
    private Consumer<String> announcements = line -> {};

    /** A stack that keeps all its files in the folder, with services built in the project that this JVM runs in. */
    public StackPlan(Path folder) {
        this(folder, ProjectFiles.root());
    }

    /** A stack whose services are {@code <project>/<module>/target/<module>-app.jar}. */
    public StackPlan(Path folder, Path project) {
        this.folder = folder.toAbsolutePath().normalize();
        this.project = project;
        for (String module : List.of(LOCAL_API, OUTBOX_RELAY, CENTRAL_CONSUMER)) {
            services.put(module, module);
        }
    }

    /** Puts a process on a port of 127.0.0.1; 0 takes a free one. */
    public StackPlan port(String name, int port) {
        ports.put(name, port == 0 ? Ports.free() : port);
        return this;
    }

    /** Adds a second site, with a MySQL server, a local-api and a relay of its own. Before {@link #freePorts}. */
    public StackPlan twoSites() {
        twoSites = true;
        ports.putAll(PORTS_OF_THE_SECOND_SITE);
        services.put(LOCAL_API_2, LOCAL_API);
        services.put(OUTBOX_RELAY_2, OUTBOX_RELAY);
        return this;
    }

    /**
     * Adds campaign-pull, table {@code campaigns} under sync, and a stand-in for the platform unless settings name one. Before
     * {@link #freePorts}.
     */
    public StackPlan campaigns() {
        campaigns = true;
        ports.putAll(PORTS_OF_CAMPAIGNS);
        services.put(CAMPAIGN_PULL, CAMPAIGN_PULL);
        return this;
    }

    /** Puts every process on a free port, so that stacks stand side by side. */
    public StackPlan freePorts() {
        ports.replaceAll((name, port) -> Ports.free());
        return this;
    }

    /** Gives one service a setting, in place of the stack's own if that has one of this name. */
    public StackPlan setting(String service, String name, String value) {
        settings.computeIfAbsent(service, any -> new LinkedHashMap<>()).put(name, value);
        return this;
    }

    /** The tables under sync, separated by commas, in place of the sample's. */
    public StackPlan tables(String names) {
        tables = names;
        return this;
    }

    /** Leaves a service out. */
    public StackPlan without(String service) {
        services.remove(service);
        return this;
    }

    /** Runs a module once more under another name and on a free port: a second relay, say. */
    public StackPlan also(String name, String module) {
        services.put(name, module);
        return port(name, 0);
    }

    /** Sends Kafka's clients to a port where a proxy leads to the broker. */
    public StackPlan kafkaBehind(int proxyPort) {
        kafkaAdvertisedPort = proxyPort;
        return this;
    }

    /** Forgets what earlier stacks have stored in the folder. */
    public StackPlan fresh() {
        fresh = true;
        return this;
    }

    /** Deletes what it has stored when it is closed; the logs stay. */
    public StackPlan leavingNoData() {
        leavesNoData = true;
        return this;
    }

    /** Starts a process that dies again, with a growing pause. */
    public StackPlan supervised() {
        supervised = true;
        return this;
    }

    /** Starts services from archives of their classes, which are made first where there are none: for tests. */
    public StackPlan startedOften() {
        startedOften = true;
        return this;
    }

    /** Who hears, one line each, what becomes of the processes. Called by several threads. */
    public StackPlan announcingTo(Consumer<String> listener) {
        announcements = listener;
        return this;
    }

    /** The environment variable by which the user of {@code ./demo} moves a process to another port. */
    static String portVariable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
    }

    static boolean isDocumentedPort(String name, int port) {
        return DOCUMENTED_PORTS.getOrDefault(name, 0) == port;
    }

    String tables() {
        boolean named = !campaigns || List.of(tables.split(",")).contains("campaigns");
        return named ? tables : tables + ",campaigns";
    }

    /** Whether the stack runs the stand-in for the platform. */
    boolean hasStandInPlatform() {
        return campaigns && !settings(CAMPAIGN_PULL).containsKey("CAMPAIGN_API_URL");
    }

    List<StackSite> sites() {
        return twoSites ? List.of(StackSite.FIRST, StackSite.SECOND) : List.of(StackSite.FIRST);
    }

    /** The site that a part belongs to; the first for what belongs to none. */
    StackSite site(String name) {
        return twoSites && StackSite.SECOND.parts().contains(name) ? StackSite.SECOND : StackSite.FIRST;
    }

    /** The names of all processes. */
    List<String> processes() {
        return List.copyOf(ports.keySet());
    }

    Path folder() {
        return folder;
    }

    Path project() {
        return project;
    }

    /** Of every process that the plan has. */
    int port(String name) {
        return ports.getOrDefault(name, 0);
    }

    /** Module by the name of the service. */
    Map<String, String> services() {
        return Collections.unmodifiableMap(services);
    }

    Map<String, String> settings(String service) {
        return settings.getOrDefault(service, Map.of());
    }

    int kafkaAdvertisedPort() {
        return kafkaAdvertisedPort == 0 ? port(KAFKA) : kafkaAdvertisedPort;
    }

    boolean isFresh() {
        return fresh;
    }

    boolean leavesNoData() {
        return leavesNoData;
    }

    boolean isSupervised() {
        return supervised;
    }

    boolean areServicesStartedOften() {
        return startedOften;
    }

    Consumer<String> announcements() {
        return announcements;
    }
}

package dev.outboxsync.stack;

import dev.outboxsync.stack.kafka.TopicTail;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole of Outbox Sync on one machine: two MySQL servers, a Kafka broker and the three services, a process each.
 * What they have stored stays in the folder for the next stack there. Safe for use by several threads.
 */
public final class DevelopmentStack implements DemoStack {
    /** Those of the stand-in platform. */
    private static final int CAMPAIGNS = 100;

    private final StackPlan plan;
    private final StackFolder folder;
    private final StackEnvironment environment;
    private final Secrets secrets;
    private final Supervision supervision;
    private final Map<StackSite, MySqlPart> sites = new LinkedHashMap<>();
    private final MySqlPart mySqlB;
    private final KafkaPart kafka;
    private final List<StackPart> services;
    private volatile @Nullable StandInPlatform platform;
    private volatile boolean closed;

    private DevelopmentStack(StackPlan plan, StackFolder folder, Secrets secrets) {
        this.plan = plan;
        this.folder = folder;
        this.environment = new StackEnvironment(plan, secrets);
        this.secrets = secrets;
        this.supervision = new Supervision(this::startAgain, plan.announcements());
        plan.sites().forEach(site -> sites.put(site, mySql(site.mySql())));
        this.mySqlB = mySql(StackPlan.MYSQL_B);
        this.kafka = Parts.kafka(server(StackPlan.KAFKA), plan.kafkaAdvertisedPort());
        this.services = plan.services().entrySet().stream()
                .map(service -> service(service.getKey(), service.getValue()))
                .toList();
    }

    /** Takes the plan's folder, which no other stack may hold, and clears it of what a killed one has left running. */
    public static DevelopmentStack of(StackPlan plan) {
        StackFolder folder = StackFolder.take(plan.folder());
        try {
            List<String> orphans = folder.endOrphans();
            if (!orphans.isEmpty()) {
                plan.announcements()
                        .accept("An earlier stack was killed and left processes, which are ended now: "
                                + String.join(", ", orphans) + ".");
            }
            if (plan.isFresh()) {
                folder.forgetData();
            }
            folder.beginLogs();
            return new DevelopmentStack(
                    plan, folder, Secrets.keptIn(folder.data().resolve("secrets")));
        } catch (StackProblem problem) {
            folder.close();
            throw problem;
        }
    }

    /** Runs {@code ./demo}: see {@link Demo}. */
    public static void main(String[] arguments) throws InterruptedException {
        Demo.run(arguments);
    }

    /** Returns when all six are ready. If one does not come up, all are stopped, and a {@link StackProblem} says why. */
    @Override
    public void start() {
        try {
            demandFreePorts();
            EnvFile.write(folder.env(), environment.forPeople());
            startTogether(servers());
            sites.forEach((site, mySql) -> Accounts.createAtSite(mySql.root(), site, secrets));
            Accounts.createAtCentre(mySqlB.root(), secrets);
            if (plan.hasStandInPlatform()) {
                platform = StandInPlatform.start(
                        StandInPlatform.Manner.DESCRIBED, CAMPAIGNS, plan.port(StackPlan.CAMPAIGN_PLATFORM));
            }
            startTogether(services);
        } catch (StackProblem problem) {
            close();
            throw problem;
        }
    }

    /** Starts one of them that does not run, and returns when it is ready. */
    public void start(String name) {
        start(part(name));
    }

    /** Stops one of them in good order; supervision leaves it stopped. */
    public void stop(String name) {
        stop(part(name));
    }

    /** Ends one of them as {@code kill -9} does. */
    public void kill9(String name) {
        part(name).kill9();
    }

    /** Stops all in good order: who writes before who stores. Returns when no process is left. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        supervision.close();
        together(services, this::stop);
        StandInPlatform standIn = platform;
        if (standIn != null) {
            standIn.close();
        }
        stop(kafka);
        together(mySqls(), this::stop);
        if (plan.leavesNoData()) {
            folder.forgetData();
        }
        folder.close();
    }

    @Override
    public String url(String service) {
        return environment.url(service);
    }

    /** What stands in {@code .stack/env}. */
    public Map<String, String> environment() {
        return environment.forPeople();
    }

    /** The site's database, with its administrator's rights. */
    public Database databaseA() {
        return environment.databaseA(StackSite.FIRST);
    }

    /** The second site's database, likewise. */
    public Database secondDatabaseA() {
        return environment.databaseA(StackSite.SECOND);
    }

    /** The centre's database, with its administrator's rights. */
    public Database databaseB() {
        return environment.databaseB();
    }

    public String bootstrapServers() {
        return environment.bootstrapServers();
    }

    @Override
    public String token() {
        return secrets.of("SYNC_TOKEN");
    }

    @Override
    public BothDatabases databases() {
        return new BothDatabases(new JdbcPrompt(databaseA()), new JdbcPrompt(databaseB()));
    }

    @Override
    public BothDatabases secondDatabases() {
        return new BothDatabases(new JdbcPrompt(secondDatabaseA()), new JdbcPrompt(databaseB()));
    }

    @Override
    public List<TopicTail.Entry> tail(String topic, int count) {
        return TopicTail.read(bootstrapServers(), topic, count);
    }

    @Override
    public Directions directions() {
        return new Directions(
                ".stack/env",
                ".stack/logs",
                environment.places(),
                "kill -9 $(cat .stack/run/outbox-relay.pid)     # it comes back");
    }

    private void demandFreePorts() {
        for (StackPart part : all()) {
            String remedy = "set " + StackPlan.portVariable(part.name()) + " to a port that is free";
            Ports.demandFree(plan.port(part.name()), part.name(), remedy);
        }
    }

    private List<MySqlPart> mySqls() {
        return Stream.concat(sites.values().stream(), Stream.of(mySqlB)).toList();
    }

    private List<StackPart> servers() {
        return Stream.concat(mySqls().stream(), Stream.of(kafka)).toList();
    }

    private List<StackPart> all() {
        return Stream.concat(servers().stream(), services.stream()).toList();
    }

    private StackPart part(String name) {
        return all().stream()
                .filter(part -> part.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("The stack has no " + name));
    }

    /** The first that fails ends the others, so that nobody waits for them. */
    private void startTogether(List<? extends StackPart> parts) {
        Queue<StackProblem> problems = new ConcurrentLinkedQueue<>();
        together(parts, part -> {
            try {
                start(part);
            } catch (StackProblem problem) {
                problems.add(problem);
                parts.forEach(StackPart::stop);
            }
        });
        if (!problems.isEmpty()) {
            throw problems.remove();
        }
    }

    private void start(StackPart part) {
        long begun = System.nanoTime();
        RunningPart process = begin(part);
        part.awaitReady(process);
        follow(part, process);
        plan.announcements()
                .accept("%-16s is ready on 127.0.0.1:%-5d after %.1f s"
                        .formatted(part.name(), plan.port(part.name()), (System.nanoTime() - begun) / 1e9));
    }

    /** As a restart policy does: what it needs may be down as well, so nobody waits for it. */
    private void startAgain(StackPart part) {
        follow(part, begin(part));
    }

    private RunningPart begin(StackPart part) {
        if (closed) {
            throw new StackProblem("The stack is being stopped.");
        }
        RunningPart process = part.begin();
        folder.writePid(part.name(), process.pid());
        return process;
    }

    private void follow(StackPart part, RunningPart process) {
        if (plan.isSupervised()) {
            supervision.watch(part, process);
        }
        if (closed) {
            process.kill9();
        }
    }

    private void stop(StackPart part) {
        part.stop();
        folder.removePid(part.name());
    }

    private static void together(List<? extends StackPart> parts, Consumer<StackPart> action) {
        CompletableFuture<?>[] each = parts.stream()
                .map(part -> CompletableFuture.runAsync(() -> action.accept(part), task -> new Thread(task).start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(each).join();
    }

    private MySqlPart mySql(String name) {
        return Parts.mySql(server(name), secrets.rootPassword(name));
    }

    private Place server(String name) {
        return folder.server(name, plan.port(name));
    }

    private StackPart service(String name, String module) {
        Path jar = plan.project().resolve(module).resolve("target").resolve(module + "-app.jar");
        return new JavaService(
                folder.service(name, plan.port(name)),
                jar,
                environment.ofService(name, module),
                plan.areServicesStartedOften());
    }
}

package dev.outboxsync.stack;

import dev.outboxsync.stack.kafka.TopicTail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code docker-compose.yml} as a project of its own, with settings and passwords of its own, beside whatever else is
 * run from that file. Docker's restart policies supervise it.
 */
public final class ComposeStack implements DemoStack {
    /** The services of docker-compose.yml that have no Java in them. */
    public static final String DB_A = "db-a";

    public static final String DB_B = "db-b";
    public static final String KAFKA = "kafka";

    private static final Duration START_LIMIT = Duration.ofMinutes(8);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final long PAUSE_MS = 200;
    private static final int OK = 200;
    private static final int MYSQL_PORT = 3306;
    private static final List<String> SERVICES =
            List.of(StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY, StackPlan.CENTRAL_CONSUMER);

    private final String project;
    private final StackPlan plan;
    private final StackFolder folder;
    private final Map<String, String> environment;
    private final DockerCompose compose;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();

    private ComposeStack(String project, StackPlan plan, StackFolder folder) {
        this.project = project;
        this.plan = plan;
        this.folder = folder;
        this.environment = environment(plan, Secrets.keptIn(folder.data().resolve("secrets")));
        EnvFile.write(folder.env(), environment);
        this.compose = DockerCompose.of(
                project,
                plan.project(),
                environment,
                folder.data().resolveSibling("logs").resolve("compose.log"));
    }

    /** Takes the plan's folder, which no other stack may hold. The jars must be built: the images take them as they are. */
    public static ComposeStack of(String project, StackPlan plan) {
        StackFolder folder = StackFolder.take(plan.folder());
        try {
            folder.beginLogs();
            return new ComposeStack(project, plan, folder);
        } catch (StackProblem problem) {
            folder.close();
            throw problem;
        }
    }

    @Override
    public void start() {
        try {
            if (plan.isFresh()) {
                downWithData();
            } else {
                down();
            }
            SERVICES.forEach(service -> Ports.demandFree(
                    plan.port(service), service, "set " + StackPlan.portVariable(service) + " to a port that is free"));
            announce("building the images", () -> compose.run("build"));
            announce("starting the containers", this::up);
            announce("waiting until all services are ready", () -> SERVICES.forEach(this::awaitReady));
        } catch (StackProblem problem) {
            close();
            throw problem;
        }
    }

    /** Starts what does not run, and returns when what it depends on is healthy. */
    public void up() {
        compose.run("up", "--detach");
    }

    /** Ends a service as {@code kill -9} does. By hand, so that no restart policy brings it back. */
    public void kill(String service) {
        compose.run("kill", service);
    }

    /** Removes containers and networks; the data stays in its volumes. */
    public void down() {
        compose.run("down", "--remove-orphans");
    }

    /** Removes the data as well. */
    public void downWithData() {
        compose.run("down", "--remove-orphans", "--volumes");
    }

    /** Returns when the service answers that it is ready. */
    public void awaitReady(String service) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady(service)) {
            if (System.nanoTime() > deadline) {
                throw new StackProblem(service + " was not ready within " + START_LIMIT.toSeconds()
                        + " s. What it says: docker logs " + compose.container(service));
            }
            pause();
        }
    }

    /** What of this project Docker still has: containers, volumes and networks, by their ids. */
    public List<String> remains() {
        String label = "label=com.docker.compose.project=" + project;
        return List.of(
                        compose.docker("ps", "-aq", "--filter", label),
                        compose.docker("volume", "ls", "-q", "--filter", label),
                        compose.docker("network", "ls", "-q", "--filter", label))
                .stream()
                .flatMap(String::lines)
                .toList();
    }

    /** Whether a MySQL at the address answers, even with a refusal, to whoever stands where this service does. */
    public boolean reachesMySql(String service, String address) {
        String image = compose.docker("inspect", "--format", "{{.Config.Image}}", compose.container(DB_A))
                .strip();
        String network = "container:" + compose.container(service);
        return compose.docker(
                        "run",
                        "--rm",
                        "--network",
                        network,
                        "--entrypoint",
                        "sh",
                        image,
                        "-c",
                        "mysqladmin --connect-timeout=3 -h " + address
                                + " ping > /dev/null 2>&1 && echo answers || echo silent")
                .contains("answers");
    }

    /** A container's own address, which on Linux this machine reaches. */
    public String address(String service) {
        String addresses = "{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}";
        return compose.docker("inspect", "--format", addresses, compose.container(service))
                .lines()
                .findFirst()
                .orElseThrow(() -> new StackProblem(service + " has no address."));
    }

    /** DB_A with its administrator's rights, by the container's own address. */
    public Database databaseA() {
        return database(DB_A, Accounts.SCHEMA_A, "DB_A_ADMIN_PASSWORD");
    }

    /** DB_B likewise. */
    public Database databaseB() {
        return database(DB_B, Accounts.SCHEMA_B, "DB_B_ADMIN_PASSWORD");
    }

    @Override
    public String url(String service) {
        return "http://127.0.0.1:" + plan.port(service);
    }

    @Override
    public String token() {
        return environment.getOrDefault("SYNC_TOKEN", "");
    }

    @Override
    public BothDatabases databases() {
        return new BothDatabases(prompt(DB_A, Accounts.SCHEMA_A), prompt(DB_B, Accounts.SCHEMA_B));
    }

    @Override
    public List<TopicTail.Entry> tail(String topic, int count) {
        String printed = compose.exec(
                KAFKA,
                "/opt/kafka/bin/kafka-console-consumer.sh",
                "--bootstrap-server=localhost:9092",
                "--topic=" + topic,
                "--from-beginning",
                "--timeout-ms=3000",
                "--formatter-property=print.key=true");
        List<TopicTail.Entry> all = printed.lines()
                .map(line -> line.split("\t", 2))
                .filter(parts -> parts.length == 2)
                .map(parts -> new TopicTail.Entry(parts[0], parts[1]))
                .toList();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public Directions directions() {
        String envFile = plan.project().relativize(folder.env()).toString();
        String command = compose.words() + " --env-file " + envFile;
        return new Directions(
                envFile,
                "`" + command + " logs`",
                List.of(
                        "Kafka and the databases publish no port; a prompt of each is in its container:",
                        "  " + command + " exec db-a mysql -u outbox_admin -p local_db"),
                command + " restart outbox-relay");
    }

    /** Removes the containers; the data stays for the next start. */
    @Override
    public void close() {
        down();
        folder.close();
    }

    private void announce(String what, Runnable deed) {
        plan.announcements().accept(what + " ...");
        long begun = System.nanoTime();
        deed.run();
        plan.announcements().accept("    done after %.1f s".formatted((System.nanoTime() - begun) / 1e9));
    }

    private SqlPrompt prompt(String service, String schema) {
        String client = "MYSQL_PWD=$ADMIN_PASSWORD exec mysql -h 127.0.0.1 -u outbox_admin --batch --skip-column-names "
                + schema + " -e \"$0\"";
        return statement -> compose.exec(service, "sh", "-c", client, statement)
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    private Database database(String service, String schema, String password) {
        return new Database(
                "jdbc:mysql://" + address(service) + ":" + MYSQL_PORT + "/" + schema,
                Accounts.ADMIN,
                environment.getOrDefault(password, ""));
    }

    private boolean isReady(String service) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(service) + "/actuator/health/readiness"))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackProblem("Interrupted while waiting for " + service + ".", e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackProblem("Interrupted while waiting.", e);
        }
    }

    /** The names of {@code .env.example}, and where the services are. */
    private static Map<String, String> environment(StackPlan plan, Secrets secrets) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("DB_A_ROOT_PASSWORD", secrets.rootPassword(StackPlan.MYSQL_A));
        names.put("DB_A_ADMIN_PASSWORD", secrets.of("DB_A_ADMIN_PASSWORD"));
        names.put("DB_A_API_PASSWORD", secrets.of("API_DB_A_PASSWORD"));
        names.put("DB_A_RELAY_PASSWORD", secrets.of("RELAY_DB_A_PASSWORD"));
        names.put("DB_B_ROOT_PASSWORD", secrets.rootPassword(StackPlan.MYSQL_B));
        names.put("DB_B_ADMIN_PASSWORD", secrets.of("DB_B_ADMIN_PASSWORD"));
        names.put("DB_B_CENTRE_PASSWORD", secrets.of("DB_B_PASSWORD"));
        names.put("SYNC_TOKEN", secrets.of("SYNC_TOKEN"));
        names.put("CENTRE_TOKEN", secrets.of("CENTRE_TOKEN"));
        names.put("SITE_ID", StackSite.FIRST.id());
        names.put("SITE_NUMBER", Integer.toString(StackSite.FIRST.number()));
        names.put("SYNC_TABLES", plan.tables());
        names.put("IS_ONLINE", "true");
        names.put("SYNC_CRON", StackEnvironment.EVERY_TWO_SECONDS);
        names.put("JARS", "outside");
        for (String service : SERVICES) {
            names.put(StackPlan.portVariable(service), Integer.toString(plan.port(service)));
            names.put(
                    StackPlan.portVariable(service).replace("_PORT", "_URL"), "http://127.0.0.1:" + plan.port(service));
        }
        return names;
    }
}

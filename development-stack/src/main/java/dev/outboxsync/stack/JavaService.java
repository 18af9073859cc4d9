package dev.outboxsync.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of the services, run from its executable jar. It waits by itself for what it needs. */
public final class JavaService extends StackPart {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final int OK = 200;

    /** What a started service has: below it, the JVM would collect all of its heap at each step up to it. */
    private static final String METASPACE = "-XX:MetaspaceSize=128m";

    /** Half of the heap for what is young: a batch lives for as long as it is written, and dies there. */
    private static final String YOUNG = "-XX:NewRatio=1";

    private final Place place;
    private final Path jar;
    private final Map<String, String> environment;
    private final boolean startedOften;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();

    /**
     * The place's folder is the one that the service works in.
     *
     * @param startedOften whether an archive of its classes is worth being made
     */
    public JavaService(Place place, Path jar, Map<String, String> environment, boolean startedOften) {
        super(START_LIMIT, STOP_LIMIT);
        this.place = place;
        this.jar = jar;
        this.environment = environment;
        this.startedOften = startedOften;
    }

    @Override
    public String name() {
        return place.name();
    }

    @Override
    ServerProcess launch() {
        if (Files.notExists(jar)) {
            throw new StackProblem(
                    "The service " + name() + " is not built (" + jar + "): run `mvn package -DskipTests` first.");
        }
        place.demandFreePort();
        LaidOpenJar open = LaidOpenJar.of(jar);
        List<String> options = options();
        if (startedOften) {
            open.makeArchive(options, environment);
        }
        return ServerProcess.start(name(), open.command(options), place.data(), place.log(), environment);
    }

    /** Compiled for a short life, unless settings speak of the JVM: for a long one, a start costs twice as much. */
    private List<String> options() {
        List<String> options = new ArrayList<>(
                List.of("-Xmx256m", "-XX:+UseSerialGC", YOUNG, METASPACE, "-XX:+ExitOnOutOfMemoryError"));
        if (!environment.containsKey("JAVA_TOOL_OPTIONS")) {
            options.add("-XX:TieredStopAtLevel=1");
        }
        return options;
    }

    @Override
    boolean isReady() {
        URI readiness = URI.create("http://127.0.0.1:" + place.port() + "/actuator/health/readiness");
        HttpRequest request =
                HttpRequest.newBuilder(readiness).timeout(ANSWER_LIMIT).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackProblem("Interrupted while waiting for " + name() + ".", e);
        }
    }
}

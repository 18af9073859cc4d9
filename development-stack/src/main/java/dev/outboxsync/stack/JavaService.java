package dev.outboxsync.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One of the services, run from its executable jar. It waits by itself for what it needs. */
public final class JavaService extends StackPart {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final Place place;
    private final Path jar;
    private final Map<String, String> environment;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();

    /** The place's folder is the one that the service works in. */
    public JavaService(Place place, Path jar, Map<String, String> environment) {
        super(START_LIMIT, STOP_LIMIT);
        this.place = place;
        this.jar = jar;
        this.environment = environment;
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
        boolean isProfiled = environment.getOrDefault("JAVA_TOOL_OPTIONS", "").contains("FlightRecording");
        List<String> command =
                open.command(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"), !isProfiled);
        return ServerProcess.start(name(), command, place.data(), place.log(), environment, open::keepArchive);
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

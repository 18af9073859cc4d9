package dev.outboxsync.stack;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker of our own on 127.0.0.1 (KRaft, one node), as a child JVM on this JVM's class path. Data and port stay
 * the same over stop, kill and start, and what was acknowledged survives a kill.
 */
public final class PrivateKafka extends KafkaPart {
    private final Place place;
    private final int advertisedPort;
    private final @Nullable KafkaSecurity security;
    private final int adminPort;

    /** A broker that tells its clients to come to its own port. */
    public PrivateKafka(Place place) {
        this(place, place.port());
    }

    /** A broker that tells its clients to come to another port of 127.0.0.1, where a proxy leads to its own. */
    public PrivateKafka(Place place, int advertisedPort) {
        this(place, advertisedPort, null);
    }

    /** A broker that asks who comes. Clients must call it {@code localhost}, for which its certificate is made. */
    public static PrivateKafka secured(Place place, KafkaSecurity security) {
        return new PrivateKafka(place, place.port(), security);
    }

    private PrivateKafka(Place place, int advertisedPort, @Nullable KafkaSecurity security) {
        super(place, advertisedPort);
        this.place = place;
        this.advertisedPort = advertisedPort;
        this.security = security;
        this.adminPort = security == null ? 0 : Ports.free();
    }

    /** What a client needs to come as the administrator of a broker that asks who comes. */
    public Map<String, Object> adminSettings() {
        if (security == null) {
            return Map.of("bootstrap.servers", bootstrapServers());
        }
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + adminPort,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                security.asAdmin() + ";");
    }

    @Override
    ServerProcess launch() {
        place.demandFreePort();
        Path settings = place.data().resolve("server.properties");
        try {
            Files.createDirectories(place.data());
            Files.writeString(settings, settings());
        } catch (IOException e) {
            throw new StackProblem(
                    "The data of " + place.name() + " cannot be made in " + place.data() + ": " + e.getMessage(), e);
        }
        if (Files.notExists(place.data().resolve("log/meta.properties"))) {
            format(settings);
        }
        return broker(settings);
    }

    /** Kafka's own tool, in this JVM: a process for it costs a third of the broker's start once more. */
    private void format(Path settings) {
        var said = new ByteArrayOutputStream();
        // With "=": one id in 64 begins with a dash, and is taken for an option otherwise.
        String[] command = {"format", "--cluster-id=" + clusterId(), "--config", settings.toString()};
        if (StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8)) != 0) {
            throw new StackProblem("The data of " + place.name() + " cannot be made in " + place.data() + ": "
                    + said.toString(StandardCharsets.UTF_8));
        }
    }

    /** The broker opens its port when it is ready to serve, not earlier. */
    @Override
    boolean isReady() {
        return Ports.answers(place.port());
    }

    private String settings() {
        int controllerPort = Ports.free();
        String open = """
                process.roles=broker,controller
                node.id=1
                log.dirs=%1$s/log
                listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%4$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%3$d
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@127.0.0.1:%4$d
                auto.create.topics.enable=false
                # One node: it has no other to copy to.
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                # After a kill it waits for its own old session to end: 4.5 s instead of 14.
                broker.session.timeout.ms=2000
                broker.heartbeat.interval.ms=500
                log.cleaner.dedupe.buffer.size=8388608
                num.network.threads=2
                num.io.threads=4
                """.formatted(place.data(), place.port(), advertisedPort, controllerPort);
        return security == null ? open : open + security.settings(place.port(), adminPort, controllerPort);
    }

    private ServerProcess broker(Path settings) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=dev/outboxsync/stack/kafka-logback.xml",
                "-cp",
                classPath(),
                "kafka.Kafka",
                settings.toString());
        return ServerProcess.start(place.name(), command, place.data(), place.log(), Map.of());
    }

    /** This JVM's own, for a process that works in another folder. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Kafka writes a UUID as 22 characters of base64. */
    private static String clusterId() {
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

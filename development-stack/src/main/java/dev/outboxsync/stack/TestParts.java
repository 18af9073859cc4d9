package dev.outboxsync.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real parts that tests run on: one server of each kind for the test JVM, started when first asked for, gone with
 * its data when the JVM ends. Test classes share them, so each takes a fresh database and topics of its own.
 */
public final class TestParts {
    private TestParts() {}

    /** A MySQL set up as the stack's own. */
    public static MySqlServer mySql() {
        return SharedMySql.SERVER;
    }

    /** A MySQL for one test alone, which starts it and may end it as it likes. */
    public static MySqlPart ownMySql(Place place) {
        return Parts.mySql(place, Passwords.generate());
    }

    /** A Kafka broker set up as the stack's own. */
    public static KafkaBroker kafka() {
        return SharedKafka.BROKER;
    }

    private static final class SharedMySql {
        static final MySqlPart SERVER = start();

        private static MySqlPart start() {
            Path folder = temporaryFolder("mysql");
            MySqlPart server = Parts.mySql(
                    new Place("The tests' MySQL", folder.resolve("data"), folder.resolve("mysql.log"), 0),
                    Passwords.generate());
            atExit(server::kill9, folder);
            server.start();
            return server;
        }
    }

    private static final class SharedKafka {
        static final KafkaPart BROKER = start();

        private static KafkaPart start() {
            Path folder = temporaryFolder("kafka");
            Place place = new Place("The tests' Kafka", folder.resolve("data"), folder.resolve("kafka.log"), 0);
            KafkaPart broker = Parts.kafka(place, place.port());
            atExit(broker::kill9, folder);
            broker.start();
            return broker;
        }
    }

    private static Path temporaryFolder(String part) {
        try {
            return Files.createTempDirectory("outbox-sync-" + part + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void atExit(Runnable end, Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.run();
            Folders.delete(folder);
        }));
    }
}

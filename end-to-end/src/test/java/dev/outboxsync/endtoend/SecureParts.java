package dev.outboxsync.endtoend;

import dev.outboxsync.stack.Certificates;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.JavaService;
import dev.outboxsync.stack.KafkaSecurity;
import dev.outboxsync.stack.Place;
import dev.outboxsync.stack.PrivateKafka;
import dev.outboxsync.stack.PrivateMySql;
import dev.outboxsync.stack.ProjectFiles;
import dev.outboxsync.stack.kafka.KafkaRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A site and a centre set up by docs/secure-links.md, on processes: one MySQL with both schemas, whose accounts come
 * encrypted or not at all, and a Kafka that asks who comes. Both prove to be {@code localhost}.
 */
final class SecureParts implements AutoCloseable {
    static final String PASSWORD = "planted-" + UUID.randomUUID();
    static final String TOKEN = "the-token-of-the-test";

    final Certificates certificates;
    final Certificates strangers;
    final PrivateKafka kafka;
    final PrivateMySql mySql;

    private final Path folder;
    private final List<JavaService> services = new ArrayList<>();

    SecureParts(Path folder) {
        this.folder = folder;
        certificates = Certificates.make(folder.resolve("ours"), "localhost");
        strangers = Certificates.make(folder.resolve("strangers"), "localhost");
        mySql = new PrivateMySql(place("mysql"), "root-of-the-test", certificates.forMySql("localhost"));
        kafka = PrivateKafka.secured(
                place("kafka"),
                new KafkaSecurity(
                        certificates.of("localhost", "pem"), UUID.randomUUID().toString()));
    }

    void start() {
        kafka.start();
        mySql.start();
        try (var rights = new KafkaRights(kafka.adminSettings(), ProjectFiles.at("containers/kafka-rights"))) {
            rights.addSite("site-1", PASSWORD);
            rights.addCentre("centre", PASSWORD);
        }
        accounts("local_db", "outbox_admin_a", "outbox_api", "outbox_relay");
        accounts("central_db", "outbox_admin_b", "outbox_centre");
    }

    /** The first of them owns the schema; each other one holds the role that bears its name. */
    private void accounts(String schema, String admin, String... users) {
        Database root = mySql.database(schema);
        var sql = new JdbcTemplate(new DriverManagerDataSource(root.url(), root.user(), root.password()));
        sql.execute("CREATE USER %s IDENTIFIED BY '%s' REQUIRE SSL".formatted(admin, PASSWORD));
        sql.execute("GRANT ALL ON %s.* TO %s WITH GRANT OPTION".formatted(schema, admin));
        sql.execute("GRANT CREATE ROLE ON *.* TO " + admin);
        for (String user : users) {
            String role = user.replace("outbox_", "outbox_sync_");
            sql.execute("CREATE ROLE " + role);
            sql.execute("CREATE USER %s IDENTIFIED BY '%s' REQUIRE SSL".formatted(user, PASSWORD));
            sql.execute("GRANT %s TO %s".formatted(role, user));
            sql.execute("SET DEFAULT ROLE %s TO %s".formatted(role, user));
        }
    }

    String url(String schema) {
        return "jdbc:mysql://localhost:" + mySql.port() + "/" + schema + certificates.forUrl();
    }

    Database admin(String schema) {
        return new Database(url(schema), schema.equals("local_db") ? "outbox_admin_a" : "outbox_admin_b", PASSWORD);
    }

    /** One of the services, not yet started, with the settings that the manual names. */
    Service service(String module, Map<String, String> more) throws IOException {
        Place place = place(module);
        Files.createDirectories(place.data());
        var names = new HashMap<String, String>(Map.of(
                "SERVER_PORT",
                Integer.toString(place.port()),
                "SYNC_TOKEN",
                TOKEN,
                "SYNC_CRON",
                "* * * * * *",
                "KAFKA_BOOTSTRAP_SERVERS",
                "localhost:" + kafka.port(),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_SSL",
                "KAFKA_PASSWORD",
                PASSWORD,
                "KAFKA_TRUST_STORE",
                certificates.trustStore().toString(),
                "RELAY_TOPICS_CREATE",
                "false"));
        names.putAll(more);
        Path jar = ProjectFiles.at(module + "/target/" + module + "-app.jar");
        var service = new JavaService(place, jar, names, true);
        services.add(service);
        return new Service(service, "http://127.0.0.1:" + place.port(), place.log());
    }

    /** A service and where it logs. */
    record Service(JavaService process, String url, Path log) {}

    private Place place(String name) {
        String unique = services.size() + "-" + name;
        return new Place(name, folder.resolve(unique), folder.resolve(unique + ".log"), 0);
    }

    @Override
    public void close() {
        services.forEach(JavaService::kill9);
        kafka.kill9();
        mySql.kill9();
    }
}

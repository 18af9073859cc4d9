package dev.outboxsync.stack;

import java.util.List;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A MySQL in a container of the image {@code mysql.image}. Its data lives as long as this JVM. */
final class ContainerMySql extends MySqlPart {
    private static final DockerImageName IMAGE = DockerImageName.parse(System.getProperty("mysql.image", "mysql:8.4"))
            .asCompatibleSubstituteFor("mysql");

    private final MySQLContainer container;

    ContainerMySql(Place place, String rootPassword) {
        super(place, rootPassword);
        container = new MySQLContainer(IMAGE)
                .withUsername("root")
                .withPassword(rootPassword)
                // hundreds of named time zones that no test asks for would be loaded at each start
                .withEnv("MYSQL_INITDB_SKIP_TZINFO", "1")
                .withCommand(SETTINGS.toArray(String[]::new))
                .withStartupTimeout(START_LIMIT);
        container.setPortBindings(List.of("127.0.0.1:" + place.port() + ":" + MySQLContainer.MYSQL_PORT));
    }

    @Override
    RunningPart launch() {
        return RunningContainer.start(name(), container);
    }
}

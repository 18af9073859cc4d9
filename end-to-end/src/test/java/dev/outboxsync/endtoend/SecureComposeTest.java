package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docker-compose.secure.yml leaves open of docker-compose.yml: nothing. */
class SecureComposeTest {
    private static final Map<String, Map<String, Object>> OPEN = services("docker-compose.yml");
    private static final Map<String, Map<String, Object>> SECURE = services("docker-compose.secure.yml");

    @Test
    void whoever_speaks_to_kafka_does_so_encrypted_and_says_who_it_is() {
        assertThat(OPEN.keySet().stream()
                        .filter(name -> environment(OPEN, name).containsKey("KAFKA_BOOTSTRAP_SERVERS")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(environment(SECURE, name))
                        .as(name)
                        .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                        .containsEntry("TRUSTED_NETWORK", "false")
                        .containsKeys("KAFKA_USER", "KAFKA_PASSWORD", "KAFKA_TRUST_STORE"));
    }

    @Test
    void every_database_proves_who_it_is_to_everybody_and_takes_nobody_in_plain_text() {
        assertThat(OPEN.keySet())
                .allSatisfy(name -> environment(OPEN, name).forEach((variable, url) -> {
                    if (String.valueOf(url).startsWith("jdbc:")) {
                        assertThat(String.valueOf(environment(SECURE, name).get(variable)))
                                .as(name)
                                .startsWith(url + "?sslMode=VERIFY_IDENTITY&");
                    }
                }));
        assertThat(OPEN.keySet().stream().filter(name -> environment(OPEN, name).containsKey("MYSQL_DATABASE")))
                .isNotEmpty()
                .allSatisfy(name -> {
                    List<?> command = (List<?>) SECURE.get(name).get("command");
                    List<?> open = (List<?>) OPEN.get(name).get("command");
                    assertThat(command.subList(0, open.size())).as(name).isEqualTo(open);
                    assertThat(command.contains("--require-secure-transport=ON"))
                            .as(name)
                            .isTrue();
                });
    }

    @Test
    void kafka_lets_in_by_name_only_and_its_administrator_by_the_loopback_alone() {
        Map<String, Object> kafka = environment(SECURE, "kafka");
        String[] listeners = String.valueOf(kafka.get("KAFKA_LISTENERS")).split(",", -1);
        String protocols = String.valueOf(kafka.get("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"));

        assertThat(listeners)
                .filteredOn(listener -> !listener.contains("://127.0.0.1:"))
                .containsExactly("CLIENTS://:9092");
        assertThat(protocols).contains("CLIENTS:SASL_SSL").doesNotContain(":PLAINTEXT");
        assertThat(kafka)
                .containsEntry("KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .containsEntry("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND", "false")
                .containsEntry("KAFKA_SUPER_USERS", "User:admin");
        assertThat(environment(OPEN, "kafka")).containsEntry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    }

    @Test
    void no_password_stands_in_the_file() throws IOException {
        assertThat(Files.readAllLines(ProjectFiles.at("docker-compose.secure.yml")))
                .filteredOn(line -> line.matches(".*[A-Z_]*PASSWORD: .*"))
                .isNotEmpty()
                .allMatch(line -> line.matches(".*PASSWORD: \\$\\{[A-Z_]+:\\?.*}"));
    }

    @Test
    void a_sites_rights_name_its_own_topics_in_full() throws IOException {
        List<String> rights = Files.readAllLines(ProjectFiles.at("containers/kafka-rights"));

        assertThat(rights.stream().filter(line -> line.startsWith("site")))
                .isNotEmpty()
                .allMatch(line ->
                        line.matches("site\\s+(Read|Write)\\s+topic\\s+literal\\s+sync\\.(acks|changes)\\.SITE"));
        assertThat(rights).noneMatch(line -> line.matches("(site|centre)\\s+(Create|Alter|Delete|All)\\s.*"));
    }

    private static Map<String, Object> environment(Map<String, Map<String, Object>> services, String name) {
        Object environment = services.getOrDefault(name, Map.of()).getOrDefault("environment", Map.of());
        return cast(environment);
    }

    private static Map<String, Map<String, Object>> services(String file) {
        try (Stream<String> lines = Files.lines(ProjectFiles.at(file))) {
            Map<String, Object> root = new Yaml().load(String.join("\n", lines.toList()));
            return cast(root.get("services"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Map<String, T> cast(Object yaml) {
        return (Map<String, T>) yaml;
    }
}

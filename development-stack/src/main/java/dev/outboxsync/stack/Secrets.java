package dev.outboxsync.stack;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The passwords and the token of one stack: made up when its data is made, and as long-lived as that. */
final class Secrets {
    private static final List<String> NAMES = List.of(
            "MYSQL_A_ROOT_PASSWORD",
            "MYSQL_B_ROOT_PASSWORD",
            "DB_A_ADMIN_PASSWORD",
            "API_DB_A_PASSWORD",
            "RELAY_DB_A_PASSWORD",
            "DB_B_ADMIN_PASSWORD",
            "DB_B_PASSWORD",
            "SYNC_TOKEN",
            "CENTRE_TOKEN",
            "MYSQL_A_2_ROOT_PASSWORD",
            "DB_A_ADMIN_PASSWORD_2",
            "API_DB_A_PASSWORD_2",
            "RELAY_DB_A_PASSWORD_2",
            "CAMPAIGNS_DB_A_PASSWORD",
            "CAMPAIGNS_DB_A_PASSWORD_2");

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = values;
    }

    /** Those of the file; what it lacks is generated and added to it. */
    static Secrets keptIn(Path file) {
        Map<String, String> values = new LinkedHashMap<>(EnvFile.read(file));
        if (!values.keySet().containsAll(NAMES)) {
            NAMES.forEach(name -> values.computeIfAbsent(name, missing -> Passwords.generate()));
            EnvFile.write(file, values);
        }
        return new Secrets(values);
    }

    /** Of MySQL's root, by the name of the server. */
    String rootPassword(String server) {
        return of(server.toUpperCase(Locale.ROOT).replace('-', '_') + "_ROOT_PASSWORD");
    }

    String of(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No secret has the name " + name);
        }
        return value;
    }
}

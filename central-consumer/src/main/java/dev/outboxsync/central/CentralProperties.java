package dev.outboxsync.central;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the centre accepts, and who may prepare its database.
 *
 * @param tables names of the tables that sites may write; a change of any other is refused, and sent again later
 * @param lookEvery how often a missing one of these tables is looked for; soon, against a connection each time
 * @param adminUser migrates and grants at start; empty when somebody else does
 */
@ConfigurationProperties("central")
public record CentralProperties(
        @DefaultValue({"users", "orders"}) Set<String> tables,
        @DefaultValue("5s") Duration lookEvery,
        @DefaultValue("") String adminUser,
        @DefaultValue("") String adminPassword) {
    public CentralProperties {
        tables = Set.copyOf(tables);
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("SYNC_TABLES must name at least one table, like users,orders");
        }
        if (lookEvery.toMillis() < 1) {
            throw new IllegalArgumentException("central.look-every must be at least 1ms");
        }
        for (String table : tables) {
            if (table.isBlank() || table.startsWith("sync_")) {
                throw new IllegalArgumentException(
                        "SYNC_TABLES must not name '" + table + "': what begins with sync_ is the centre's own");
            }
        }
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "CentralProperties[tables=" + tables + ", adminUser=" + adminUser + "]";
    }
}

package dev.outboxsync.mysql;

import org.flywaydb.core.Flyway;

/** Brings a schema to this version's state. Needs an admin user; the services' own users may change no table. */
public final class Migration {
    private Migration() {}

    /**
     * Runs what is missing of the migrations under {@code sql/<side>}; does nothing when all is there. Two services at
     * once wait for each other. A schema that already holds tables is taken over as it is.
     *
     * @param side {@code local} or {@code central}
     * @throws org.flywaydb.core.api.FlywayException when a migration fails or a past one was changed
     */
    public static void run(AdminDatabase admin, String side) {
        Flyway.configure()
                .dataSource(admin.dataSource())
                .locations("classpath:sql/" + side)
                .sqlMigrationPrefix("V")
                .table("sync_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}

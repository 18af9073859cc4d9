package dev.outboxsync.campaign;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.queue.CaptureTriggers;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.SiteGrants;
import dev.outboxsync.queue.SiteNumber;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A fresh DB_A with campaigns under capture, as local-api makes it, and a user who holds campaign-pull's role alone. */
final class CampaignSite implements AutoCloseable {
    private static final List<String> TABLES = List.of("users", "orders", "campaigns");

    final Database service;
    /** SQL at a prompt. */
    final JdbcClient sql;

    private final HikariDataSource asAdmin;

    CampaignSite() {
        Database admin = TestParts.mySql().freshDatabase();
        var config = new HikariConfig();
        config.setJdbcUrl(admin.url());
        config.setUsername(admin.user());
        config.setPassword(admin.password());
        config.setMaximumPoolSize(2);
        asAdmin = new HikariDataSource(config);
        sql = JdbcClient.create(asAdmin);
        String user = "pull_" + UUID.randomUUID().toString().substring(0, 8);
        service = new Database(admin.url(), user, UUID.randomUUID().toString());
        try (AdminDatabase opened = AdminDatabase.open(asAdmin, admin.user(), admin.password())) {
            Migration.run(opened, "local");
            new JdbcSiteState(opened.jdbc()).register(new Site("site-1"), new SiteNumber(0));
            CaptureTriggers.install(opened, new SiteNumber(0), TABLES, missed -> {});
            SiteGrants.grant(opened.jdbc(), TABLES);
        }
        sql.sql("CREATE USER " + user + " IDENTIFIED BY '" + service.password() + "' DEFAULT ROLE "
                        + SiteGrants.CAMPAIGNS)
                .update();
    }

    long count(String fromWhere) {
        return sql.sql("SELECT COUNT(*) FROM " + fromWhere).query(Long.class).single();
    }

    /** Changes that are queued for the centre. */
    long events() {
        return count("sync_queue WHERE table_name = 'campaigns'");
    }

    @Override
    public void close() {
        asAdmin.close();
    }
}

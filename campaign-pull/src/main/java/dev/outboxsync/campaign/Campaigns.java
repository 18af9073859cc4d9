package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.Campaign;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code campaigns}, which is under sync: rows are written by their key, and only where they change. */
@Component
class Campaigns {
    private static final String READ = """
            SELECT id, name, status, budget, impressions, clicks, conversions, created_at, vanished_at
            FROM campaigns
            WHERE id IN (:ids)
            ORDER BY id
            """;
    private static final String INSERT = """
            INSERT INTO campaigns (id, name, status, budget, impressions, clicks, conversions, created_at)
            VALUES (:id, :name, :status, :budget, :impressions, :clicks, :conversions, :created_at)
            """;
    private static final String UPDATE = """
            UPDATE campaigns
            SET name = :name, status = :status, budget = :budget, impressions = :impressions, clicks = :clicks,
                conversions = :conversions, created_at = :created_at, vanished_at = NULL
            WHERE id = :id
            """;
    private static final String CONFIRM_SYNC = """
            UPDATE campaigns SET synced_at = COALESCE(:synced_at, UTC_TIMESTAMP(6)) WHERE id = :id
            """;
    // by_key of campaign_state: only those that missed a run are looked up here
    private static final String MARK_VANISHED = """
            UPDATE campaigns c JOIN campaign_state s ON s.id = c.id
            SET c.vanished_at = UTC_TIMESTAMP(6)
            WHERE s.missed >= :runs AND c.vanished_at IS NULL
            """;

    private final JdbcClient jdbc;

    Campaigns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A row as it is: the campaign, and whether it counts as vanished. */
    record Stored(Campaign campaign, boolean vanished) {}

    /** Those of these that are there. */
    Map<String, Stored> find(Collection<String> ids) {
        Map<String, Stored> found = new HashMap<>();
        if (!ids.isEmpty()) {
            jdbc.sql(READ)
                    .param("ids", ids)
                    .query((row, number) -> {
                        var campaign = new Campaign(
                                row.getString("id"),
                                row.getString("name"),
                                row.getString("status"),
                                row.getBigDecimal("budget"),
                                row.getLong("impressions"),
                                row.getLong("clicks"),
                                row.getLong("conversions"),
                                row.getObject("created_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
                        return new Stored(campaign, row.getObject("vanished_at") != null);
                    })
                    .list()
                    .forEach(stored -> found.put(stored.campaign().id(), stored));
        }
        return found;
    }

    void insert(Campaign campaign) {
        write(INSERT, campaign);
    }

    void update(Campaign campaign) {
        write(UPDATE, campaign);
    }

    private void write(String statement, Campaign campaign) {
        jdbc.sql(statement)
                .param("id", campaign.id())
                .param("name", campaign.name())
                .param("status", campaign.status())
                .param("budget", campaign.budget())
                .param("impressions", campaign.impressions())
                .param("clicks", campaign.clicks())
                .param("conversions", campaign.conversions())
                .param("created_at", Utc.stored(campaign.createdAt()))
                .update();
    }

    /** @param syncedAt null for now */
    void confirmSync(String id, @Nullable Instant syncedAt) {
        jdbc.sql(CONFIRM_SYNC)
                .param("id", id)
                .param("synced_at", syncedAt == null ? null : Utc.stored(syncedAt), Types.TIMESTAMP)
                .update();
    }

    /** Marks those that so many complete runs in a row have missed. Returns how many. */
    int markVanished(int runs) {
        return jdbc.sql(MARK_VANISHED).param("runs", runs).update();
    }
}

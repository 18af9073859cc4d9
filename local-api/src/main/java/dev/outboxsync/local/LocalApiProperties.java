package dev.outboxsync.local;

import dev.outboxsync.event.Site;
import dev.outboxsync.queue.SiteNumber;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set; application.yml has the names of the environment and the defaults.
 *
 * @param siteNumber 0 to 9,000: where the keys begin that this site generates
 * @param syncTables the tables whose changes are captured, each once
 * @param adminUser who migrates, makes triggers and grants; empty where a person does so
 * @param shortestPause before the second attempt to use DB_A; short finds it soon, long spares the log
 * @param longestPause between later attempts, at most this
 * @param checkEvery how old an answer of readiness may be; each check is four small statements and as many for each table
 * @param resyncRows how many rows a resync queues in one transaction; many are quick, few let writers in between
 * @param relayRunTimeout how long a cycle of the relay that a client asks for may take
 * @param relayLookTimeout how long the status waits for the relay's switch
 * @param requirePrecondition whether PUT and DELETE must say with If-Match what they have seen; safe from lost updates, and
 *     one GET more for each change
 */
@Validated
@ConfigurationProperties("local-api")
public record LocalApiProperties(
        String siteId,
        int siteNumber,
        @NotEmpty List<String> syncTables,
        String adminUser,
        String adminPassword,
        URI relayUrl,
        Duration shortestPause,
        Duration longestPause,
        Duration checkEvery,
        int resyncRows,
        Duration relayRunTimeout,
        Duration relayLookTimeout,
        boolean requirePrecondition) {
    public LocalApiProperties {
        syncTables = syncTables.stream().map(String::strip).toList();
        demand(syncTables.stream().noneMatch(String::isEmpty), "SYNC_TABLES must name tables, separated by commas");
        demand(new HashSet<>(syncTables).size() == syncTables.size(), "SYNC_TABLES must name each table once");
        demand(
                List.of("http", "https").contains(String.valueOf(relayUrl.getScheme())) && relayUrl.getHost() != null,
                "RELAY_URL must be like http://127.0.0.1:8081");
        demand(isPositive(shortestPause), "local-api.shortest-pause must be more than 0");
        demand(
                longestPause.compareTo(shortestPause) >= 0,
                "local-api.longest-pause must not be shorter than local-api.shortest-pause");
        demand(isPositive(checkEvery), "local-api.check-every must be more than 0");
        demand(isPositive(relayRunTimeout), "local-api.relay-run-timeout must be more than 0");
        demand(isPositive(relayLookTimeout), "local-api.relay-look-timeout must be more than 0");
        demand(resyncRows > 0 && resyncRows <= 100_000, "local-api.resync-rows must be 1 to 100000");
        new Site(siteId);
        new SiteNumber(siteNumber);
    }

    /** The site that this service serves. */
    public Site site() {
        return new Site(siteId);
    }

    /** Where the keys begin that this site generates. */
    public SiteNumber number() {
        return new SiteNumber(siteNumber);
    }

    /** Names no password: records print all they hold. */
    @Override
    public String toString() {
        return "LocalApiProperties[" + siteId + "]";
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void demand(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}

package dev.outboxsync.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of a stack as environment variables: each service's own, and all of them for people and their shells. */
final class StackEnvironment {
    static final String EVERY_TWO_SECONDS = "*/2 * * * * *";

    private final StackPlan plan;
    private final Secrets secrets;

    StackEnvironment(StackPlan plan, Secrets secrets) {
        this.plan = plan;
        this.secrets = secrets;
    }

    /** What a service is started with, and nothing else. */
    Map<String, String> ofService(String name, String module) {
        Map<String, String> names = switch (module) {
            case StackPlan.LOCAL_API -> ofLocalApi(plan.site(name));
            case StackPlan.OUTBOX_RELAY -> ofOutboxRelay(plan.site(name));
            case StackPlan.CAMPAIGN_PULL -> ofCampaignPull();
            default -> ofCentralConsumer();
        };
        int port = plan.port(name);
        if (!StackPlan.isDocumentedPort(name, port)) {
            names.put("SERVER_PORT", Integer.toString(port));
        }
        names.putAll(plan.settings(name));
        return names;
    }

    /** All names, for {@code .stack/env}. Where two services have a user each, the plain name is the api's. */
    Map<String, String> forPeople() {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, String> relay = ofService(StackPlan.OUTBOX_RELAY, StackPlan.OUTBOX_RELAY);
        names.putAll(ofService(StackPlan.CENTRAL_CONSUMER, StackPlan.CENTRAL_CONSUMER));
        names.putAll(relay);
        names.putAll(ofService(StackPlan.LOCAL_API, StackPlan.LOCAL_API));
        names.remove("SERVER_PORT");
        names.put("RELAY_DB_A_USER", relay.getOrDefault("DB_A_USER", Accounts.RELAY_USER));
        names.put("RELAY_DB_A_PASSWORD", relay.getOrDefault("DB_A_PASSWORD", ""));
        names.put("CENTRE_TOKEN", secrets.of("CENTRE_TOKEN"));
        names.put("LOCAL_API_URL", url(StackPlan.LOCAL_API));
        names.put("OUTBOX_RELAY_URL", url(StackPlan.OUTBOX_RELAY));
        names.put("CENTRAL_CONSUMER_URL", url(StackPlan.CENTRAL_CONSUMER));
        if (plan.services().containsKey(StackPlan.CAMPAIGN_PULL)) {
            names.put("CAMPAIGN_PULL_URL", url(StackPlan.CAMPAIGN_PULL));
            ofService(StackPlan.CAMPAIGN_PULL, StackPlan.CAMPAIGN_PULL).forEach((name, value) -> {
                if (name.startsWith("CAMPAIGN_API_")) {
                    names.put(name, value);
                } else if (name.startsWith("DB_A_")) {
                    names.put("CAMPAIGNS_" + name, value);
                }
            });
        }
        if (plan.sites().contains(StackSite.SECOND)) {
            names.put("LOCAL_API_2_URL", url(StackPlan.LOCAL_API_2));
            names.put("OUTBOX_RELAY_2_URL", url(StackPlan.OUTBOX_RELAY_2));
            Database second = databaseA(StackSite.SECOND);
            names.put("DB_A_2_URL", second.url());
            putAdmin(names, "DB_A_2", second);
        }
        return names;
    }

    /** Where else there is something to be reached, for people. */
    List<String> places() {
        List<String> places = new ArrayList<>();
        if (plan.services().containsKey(StackPlan.CAMPAIGN_PULL)) {
            places.add("campaign-pull     " + url(StackPlan.CAMPAIGN_PULL) + "/campaign-pull/runs says how far it is");
        }
        if (plan.hasStandInPlatform()) {
            places.add("its platform      " + url(StackPlan.CAMPAIGN_PLATFORM) + " (a stand-in: 10 calls a minute)");
        }
        places.add("Kafka             " + bootstrapServers());
        places.add("DB_A              " + databaseA(StackSite.FIRST).url());
        places.add("DB_B              " + databaseB().url());
        return places;
    }

    String url(String service) {
        return "http://127.0.0.1:" + plan.port(service);
    }

    /** A site's DB_A with its administrator's rights. */
    Database databaseA(StackSite site) {
        return new Database(
                jdbcUrl(site.mySql(), Accounts.SCHEMA_A), Accounts.ADMIN, secret("DB_A_ADMIN_PASSWORD", site));
    }

    /** DB_B with its administrator's rights. */
    Database databaseB() {
        return new Database(
                jdbcUrl(StackPlan.MYSQL_B, Accounts.SCHEMA_B), Accounts.ADMIN, secrets.of("DB_B_ADMIN_PASSWORD"));
    }

    private Map<String, String> ofLocalApi(StackSite site) {
        Database admin = databaseA(site);
        Map<String, String> names = database("DB_A", admin, Accounts.API_USER, secret("API_DB_A_PASSWORD", site));
        putAdmin(names, "DB_A", admin);
        putSite(names, site);
        names.put("SYNC_TABLES", plan.tables());
        names.put("RELAY_URL", url(site.outboxRelay()));
        names.put("SYNC_TOKEN", secrets.of("SYNC_TOKEN"));
        return names;
    }

    private Map<String, String> ofOutboxRelay(StackSite site) {
        Map<String, String> names =
                database("DB_A", databaseA(site), Accounts.RELAY_USER, secret("RELAY_DB_A_PASSWORD", site));
        putSite(names, site);
        names.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        names.put("IS_ONLINE", "true");
        names.put("SYNC_CRON", EVERY_TWO_SECONDS);
        names.put("SYNC_TOKEN", secrets.of("SYNC_TOKEN"));
        return names;
    }

    private Map<String, String> ofCampaignPull() {
        StackSite site = StackSite.FIRST;
        Map<String, String> names =
                database("DB_A", databaseA(site), Accounts.CAMPAIGNS_USER, secret("CAMPAIGNS_DB_A_PASSWORD", site));
        names.put("SYNC_TOKEN", secrets.of("SYNC_TOKEN"));
        names.put("CAMPAIGN_API_URL", url(StackPlan.CAMPAIGN_PLATFORM));
        names.put("CAMPAIGN_API_USER", StandInPlatform.USER);
        names.put("CAMPAIGN_API_PASSWORD", StandInPlatform.PASSWORD);
        names.put("CAMPAIGN_API_CLIENT_ID", StandInPlatform.CLIENT_ID);
        return names;
    }

    private String secret(String name, StackSite site) {
        return secrets.of(name + site.secrets());
    }

    private Map<String, String> ofCentralConsumer() {
        Map<String, String> names = database("DB_B", databaseB(), Accounts.CENTRE_USER, secrets.of("DB_B_PASSWORD"));
        putAdmin(names, "DB_B", databaseB());
        names.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        names.put("SYNC_TABLES", plan.tables());
        names.put("SYNC_TOKEN", secrets.of("CENTRE_TOKEN"));
        return names;
    }

    private static Map<String, String> database(String prefix, Database database, String user, String password) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put(prefix + "_URL", database.url());
        names.put(prefix + "_USER", user);
        names.put(prefix + "_PASSWORD", password);
        return names;
    }

    private static void putAdmin(Map<String, String> names, String prefix, Database database) {
        names.put(prefix + "_ADMIN_USER", database.user());
        names.put(prefix + "_ADMIN_PASSWORD", database.password());
    }

    private static void putSite(Map<String, String> names, StackSite site) {
        names.put("SITE_ID", site.id());
        names.put("SITE_NUMBER", Integer.toString(site.number()));
    }

    String bootstrapServers() {
        return "127.0.0.1:" + plan.kafkaAdvertisedPort();
    }

    private String jdbcUrl(String server, String schema) {
        return "jdbc:mysql://127.0.0.1:" + plan.port(server) + "/" + schema;
    }
}

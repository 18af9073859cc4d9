package dev.outboxsync.stack;

import dev.outboxsync.stack.Rest.Call;
import dev.outboxsync.stack.kafka.TopicTail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The way of a change, told step by step on a running stack: what was done, what was seen, whether it held. It can be
 * told again on the same data.
 */
final class DemoStory {

    /** More than the two seconds from one cycle to the next. */
    private static final Duration MORE_THAN_A_CYCLE = Duration.ofSeconds(3);

    private static final String CHANGES = "sync.changes.site-1";
    private static final String ACKNOWLEDGEMENTS = "sync.acks.site-1";
    private static final int RECENT = 100;

    private final DemoStack stack;
    private final Screen screen;
    private final Rest rest;
    private final BothDatabases databases;

    /** E-mail addresses are unique, and earlier tellings have left theirs. */
    private final String run =
            Long.toString(System.currentTimeMillis() / 1_000, 36).toLowerCase(Locale.ROOT);

    private final List<Long> users = new ArrayList<>();
    private final List<Long> orders = new ArrayList<>();

    DemoStory(DemoStack stack, Screen screen) {
        this.stack = stack;
        this.screen = screen;
        this.rest = new Rest(stack.url(StackPlan.LOCAL_API), stack.token());
        this.databases = stack.databases();
    }

    /** Returns whether every step held; the first that does not ends the story. */
    boolean tell() {
        List<Telling.Step> steps = List.of(
                new Telling.Step("The site goes offline", this::goOffline),
                new Telling.Step("Two users and an order of each, by REST", this::writeByRest),
                new Telling.Step("One more user, typed at a mysql prompt", this::writeBySql),
                new Telling.Step("What the site knows, and the centre does not", this::showWaiting),
                new Telling.Step("The site comes online", this::goOnline),
                new Telling.Step("One cycle of the relay at once, not at its next time", this::runOneCycle),
                new Telling.Step("The rows of both databases side by side", this::compare),
                new Telling.Step("Acknowledged: the queue says SYNCED", this::showSynced),
                new Telling.Step("One record of each topic", this::showRecords),
                new Telling.Step("An update and a delete arrive as well", this::updateAndDelete),
                new Telling.Step("DB_B loses its rows, and a resync brings them back", this::loseAndResync));
        DemoStack.Directions directions = stack.directions();
        screen.line("");
        screen.line("The story. Its commands work in your shell too, after:  . " + directions.envFile());
        return Telling.tell(steps, stack, screen);
    }

    private void goOffline() {
        call(Call.steer("PUT", "/relay/online", "{\"online\":false}"));
        Telling.demand(!status().path("online").asBoolean(true), "GET /sync/status still says online");
        screen.held("online: false");
    }

    private void writeByRest() {
        for (String name : List.of("Ann", "Ben")) {
            JsonNode user = call(
                    Call.write("POST", "/users", "{\"name\":\"%s\",\"email\":\"%s\"}".formatted(name, email(name))));
            users.add(user.path("id").asLong());
            showQueued("user", user);
        }
        for (int i = 0; i < 2; i++) {
            JsonNode order = call(Call.write(
                    "POST",
                    "/orders",
                    "{\"user_id\":%d,\"amount\":%s}".formatted(users.get(i), i == 0 ? "12.50" : "7")));
            orders.add(order.path("id").asLong());
            showQueued("order", order);
        }
    }

    private void writeBySql() {
        screen.done("mysql> INSERT INTO users (name, email) VALUES ('Cleo', '" + email("Cleo") + "');");
        long cleo = databases.insertUser("Cleo", email("Cleo"));
        users.add(cleo);
        JsonNode entry = entryOf("users", cleo, status());
        Telling.demand("PENDING".equals(text(entry, "sync_status")), "its queue row is " + entry);
        screen.held("user " + cleo + " is stored, and the trigger has queued it as " + entry.path("id") + ": PENDING");
    }

    private void showWaiting() {
        Telling.pause(MORE_THAN_A_CYCLE);
        screen.done(Call.get("/sync/status").asCurl());
        for (JsonNode entry : entries()) {
            screen.seen(describe(entry));
            Telling.demand("PENDING".equals(text(entry, "sync_status")), "while offline it became " + entry);
        }
        Telling.demand(
                databases.users(users).b().isEmpty()
                        && databases.orders(orders).b().isEmpty(),
                "DB_B has the rows already");
        screen.held("all PENDING after more than a cycle, and DB_B has none of them");
    }

    private void goOnline() {
        call(Call.steer("PUT", "/relay/online", "{\"online\":true}"));
        Telling.demand(status().path("online").asBoolean(false), "GET /sync/status still says offline");
        screen.held("online: true");
    }

    private void runOneCycle() {
        JsonNode cycle = call(Call.steer("POST", "/relay/run", ""));
        Telling.demand(cycle.has("published"), "the relay answered " + cycle);
        screen.held("published " + cycle.path("published") + " in " + cycle.path("took_ms")
                + " ms (0 if the cycle of the clock was faster)");
    }

    private void compare() {
        Telling.await("DB_B equals DB_A", this::areEqual);
        show("users", List.of("id", "name", "email"), databases.users(users));
        show("orders", List.of("id", "user_id", "amount", "status"), databases.orders(orders));
        screen.held("equal in every column");
    }

    private void showSynced() {
        Telling.await("every change is SYNCED", this::areSynced);
        screen.done(Call.get("/sync/status").asCurl());
        entries().forEach(entry -> screen.seen(describe(entry)));
        screen.held("all SYNCED: DB_B had committed them before they were acknowledged");
    }

    private void showRecords() {
        Predicate<JsonNode> aboutAnn = change ->
                "users".equals(text(change, "table")) && users.get(0).toString().equals(text(change, "record_id"));
        showRecord(CHANGES, aboutAnn);
        showRecord(
                ACKNOWLEDGEMENTS,
                acknowledgement -> !acknowledgement.path("applied").isEmpty());
        screen.held("the change as the trigger saw it, and the ranges that the centre has applied");
    }

    private void updateAndDelete() {
        call(Call.write(
                "PUT",
                "/orders/" + orders.get(0),
                "{\"user_id\":%d,\"amount\":12.50,\"status\":\"PAID\"}".formatted(users.get(0))));
        call(Call.write("DELETE", "/users/" + users.get(2), ""));
        Telling.await("update and delete are in DB_B, and SYNCED", () -> areEqual() && areSynced());
        show("users", List.of("id", "name", "email"), databases.users(users));
        show("orders", List.of("id", "user_id", "amount", "status"), databases.orders(orders));
        BothDatabases.Rows left = databases.orders(orders);
        Telling.demand(
                left.b().get(0).contains("PAID") && databases.users(users).b().size() == 2, "DB_B shows another state");
        screen.held("order " + orders.get(0) + " is PAID and Cleo is gone, in both");
    }

    private void loseAndResync() {
        screen.done("mysql> DELETE FROM orders WHERE ...; DELETE FROM users WHERE ...;   -- at the centre");
        databases.loseAtCentre(users, orders);
        Telling.demand(databases.users(users).b().isEmpty(), "DB_B still has rows");
        call(Call.steer("POST", "/sync/resync", "{}"));
        Telling.await("the rows are back", () -> areEqual() && areSynced());
        show("users", List.of("id", "name", "email"), databases.users(users));
        screen.held("equal again; GET /sync/status tells how far a resync has come");
    }

    private JsonNode call(Call call) {
        screen.done(call.asCurl());
        return rest.send(call);
    }

    private JsonNode status() {
        return rest.send(Call.get("/sync/status?limit=" + RECENT));
    }

    /** The latest queue rows of the story's records, the oldest first. */
    private List<JsonNode> entries() {
        JsonNode status = status();
        return Stream.concat(
                        users.stream().map(id -> entryOf("users", id, status)),
                        orders.stream().map(id -> entryOf("orders", id, status)))
                .sorted(Comparator.comparingLong(entry -> entry.path("id").asLong()))
                .toList();
    }

    private static JsonNode entryOf(String table, long id, JsonNode status) {
        return status.path("records")
                .valueStream()
                .filter(entry -> table.equals(text(entry, "table_name")))
                .filter(entry -> Long.toString(id).equals(text(entry, "record_id")))
                .findFirst()
                .orElseThrow(() -> new StepFailed("GET /sync/status does not list " + table + "/" + id));
    }

    private boolean areEqual() {
        return databases.users(users).areEqual() && databases.orders(orders).areEqual();
    }

    private boolean areSynced() {
        return entries().stream().allMatch(entry -> "SYNCED".equals(text(entry, "sync_status")));
    }

    private void showQueued(String what, JsonNode stored) {
        JsonNode sync = stored.path("sync");
        Telling.demand("PENDING".equals(text(sync, "sync_status")), "the answer was " + stored);
        screen.held("%s %s is stored, and queued as %s: %s %s"
                .formatted(
                        what, stored.path("id"), sync.path("id"), text(sync, "operation"), text(sync, "sync_status")));
    }

    private static String describe(JsonNode entry) {
        return "%6s  %-6s  %-10s  %-7s  retries %s"
                .formatted(
                        entry.path("id"),
                        text(entry, "operation"),
                        text(entry, "table_name") + "/" + text(entry, "record_id"),
                        text(entry, "sync_status"),
                        entry.path("retry_count"));
    }

    private void show(String table, List<String> columns, BothDatabases.Rows rows) {
        screen.seen(table + ": DB_A on the left, DB_B on the right");
        SideBySide.table(columns, first(columns.size(), rows.a()), first(columns.size(), rows.b()))
                .forEach(line -> screen.line("    " + line));
    }

    /** The leading columns: updated_at is compared, but too wide to show. */
    private static List<List<String>> first(int columns, List<List<String>> rows) {
        return rows.stream().map(row -> row.subList(0, columns)).toList();
    }

    private void showRecord(String topic, Predicate<JsonNode> wanted) {
        List<TopicTail.Entry> tail = stack.tail(topic, RECENT);
        for (int i = tail.size() - 1; i >= 0; i--) {
            if (wanted.test(Rest.parse(tail.get(i).value()))) {
                screen.done(topic + ", key " + tail.get(i).key());
                screen.seen(tail.get(i).value());
                return;
            }
        }
        throw new StepFailed("No such record among the last " + RECENT + " of " + topic);
    }

    private String email(String name) {
        return name.toLowerCase(Locale.ROOT) + "." + run + "@example.org";
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}

package dev.outboxsync.stack;

import dev.outboxsync.stack.Rest.Call;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What comes of two sites in one centre: the union of their rows, and a reason where they collide. */
final class TwoSitesStory {
    private final DemoStack stack;
    private final Screen screen;
    private final Rest first;
    private final Rest second;
    private final String run =
            Long.toString(System.currentTimeMillis() / 1_000, 36).toLowerCase(Locale.ROOT);
    private long ofFirst;
    private long ofSecond;
    private long refused;

    TwoSitesStory(DemoStack stack, Screen screen) {
        this.stack = stack;
        this.screen = screen;
        this.first = new Rest(stack.url(StackPlan.LOCAL_API), stack.token());
        this.second = new Rest(stack.url(StackPlan.LOCAL_API_2), stack.token());
    }

    boolean tell() {
        screen.line("");
        screen.line("And with a second site, whose local-api is at " + stack.url(StackPlan.LOCAL_API_2) + ":");
        return Telling.tell(
                List.of(
                        new Telling.Step("A user at each site", this::writeAtBoth),
                        new Telling.Step("The centre holds the union", this::showUnion),
                        new Telling.Step("The same e-mail address at both ends", this::collide)),
                stack,
                screen);
    }

    private void writeAtBoth() {
        ofFirst = add(first, "Ida", "ida");
        ofSecond = add(second, "Jon", "jon");
        screen.held("site-1 calls its user " + ofFirst + ", site-2 its own " + ofSecond + ": their numbers never meet");
    }

    private void showUnion() {
        List<Long> both = List.of(ofFirst, ofSecond);
        Telling.await("DB_B holds both", () -> stack.databases().users(both).b().size() == 2);
        List<List<String>> atSites = Stream.concat(
                        stack.databases().users(both).a().stream(), stack.secondDatabases().users(both).a().stream())
                .toList();
        screen.seen("users: both DB_A on the left, DB_B on the right");
        SideBySide.table(
                        List.of("id", "name", "email"),
                        shown(atSites),
                        shown(stack.databases().users(both).b()))
                .forEach(line -> screen.line("    " + line));
        Telling.demand(atSites.equals(stack.databases().users(both).b()), "DB_B is not the union");
        screen.held("equal in every column");
    }

    private void collide() {
        refused = add(second, "Ida Two", "ida");
        Telling.await("site-2 knows why", () -> reason().startsWith("DUPLICATE_KEY users.email"));
        screen.seen("at site-2: users/" + refused + " FAILED, " + reason());
        List<List<String>> atCentre =
                stack.databases().users(List.of(ofFirst, refused)).b();
        Telling.demand(atCentre.size() == 1 && atCentre.get(0).contains("Ida"), "DB_B holds " + atCentre);
        screen.held("site-1's user stays as it was; site-2 is told the reason, and goes on");
        second.send(Call.write("DELETE", "/users/" + refused, ""));
    }

    private long add(Rest site, String name, String address) {
        String body = "{\"name\":\"%s\",\"email\":\"%s.%s@example.org\"}".formatted(name, address, run);
        Call call = Call.write("POST", "/users", body);
        String[] curl = call.asCurl();
        if (site == second) {
            curl[0] = curl[0].replace("$LOCAL_API_URL", "$LOCAL_API_2_URL");
        }
        screen.done(curl);
        return site.send(call).path("id").asLong();
    }

    private String reason() {
        JsonNode status = second.send(Call.get("/sync/status?status=FAILED&limit=50"));
        return status.path("records")
                .valueStream()
                .filter(entry ->
                        Long.toString(refused).equals(entry.path("record_id").asString("")))
                .map(entry -> entry.path("last_error").asString(""))
                .findFirst()
                .orElse("");
    }

    private static List<List<String>> shown(List<List<String>> rows) {
        return rows.stream().map(row -> row.subList(0, 3)).toList();
    }
}

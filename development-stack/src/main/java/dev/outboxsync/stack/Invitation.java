package dev.outboxsync.stack;

/** What there is to try on a stack that stays up. */
final class Invitation {
    private Invitation() {}

    static void show(DemoStack stack, Screen screen) {
        DemoStack.Directions directions = stack.directions();
        screen.line("");
        screen.line("Everything is up.");
        screen.line("  local-api         " + stack.url(StackPlan.LOCAL_API)
                + "/swagger-ui.html, to look at it and try it out");
        screen.line("  outbox-relay      " + stack.url(StackPlan.OUTBOX_RELAY));
        screen.line("  central-consumer  " + stack.url(StackPlan.CENTRAL_CONSUMER));
        directions.places().forEach(place -> screen.line("  " + place));
        screen.line("The relay polls every 2 s here; its default is every 2 minutes (SYNC_CRON).");
        screen.line("");
        screen.line("Try, after `. " + directions.envFile() + "` (all addresses, passwords and the token are in it):");
        screen.line("  curl \"$LOCAL_API_URL/users\"");
        screen.line("  curl -X POST \"$LOCAL_API_URL/users\" -H 'Content-Type: application/json' \\");
        screen.line("       -d '{\"name\":\"Dora\",\"email\":\"dora@example.org\"}'");
        screen.line("  curl \"$LOCAL_API_URL/sync/status\"");
        screen.line("  curl -X PUT \"$LOCAL_API_URL/relay/online\" -H \"Authorization: Bearer $SYNC_TOKEN\" \\");
        screen.line("       -H 'Content-Type: application/json' -d '{\"online\":false}'");
        screen.line("  " + directions.disturbance());
        screen.line("");
        screen.line("Logs: " + directions.logs() + ". Ctrl-C stops everything; the data is kept for the next time.");
    }
}

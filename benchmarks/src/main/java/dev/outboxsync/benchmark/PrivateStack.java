package dev.outboxsync.benchmark;

import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A whole stack for one benchmark: default settings, free ports, a folder of its own, nothing left but logs. */
final class PrivateStack implements AutoCloseable {
    static final Path FOLDER = Path.of(".stack/benchmark");
    private static final List<String> JVMS =
            List.of(StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY, StackPlan.CENTRAL_CONSUMER);

    private static volatile boolean ending;

    private final DevelopmentStack stack;
    private final Processes processes;

    private PrivateStack(DevelopmentStack stack, Processes processes) {
        this.stack = stack;
        this.processes = processes;
    }

    /** Starts it, with the relay offline. */
    static PrivateStack start(Consumer<String> progress, boolean profiled) {
        var processes = new Processes(FOLDER);
        StackPlan plan = new StackPlan(FOLDER)
                .freePorts()
                .fresh()
                .leavingNoData()
                .announcingTo(progress)
                // that of every installation; the demo's is two seconds
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "0 */2 * * * *")
                .setting(StackPlan.OUTBOX_RELAY, "IS_ONLINE", "false");
        for (String service : JVMS) {
            String recording = profiled
                    ? " -XX:StartFlightRecording=dumponexit=true,settings=profile,filename="
                            + recording(service).toAbsolutePath()
                    : "";
            plan.setting(service, "JAVA_TOOL_OPTIONS", processes.collectionsLogged(service) + recording);
        }
        DevelopmentStack stack = DevelopmentStack.of(plan);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack)));
        stack.start();
        return new PrivateStack(stack, processes);
    }

    private static void end(DevelopmentStack stack) {
        ending = true;
        stack.close();
    }

    /** Whether this JVM was told to end: what breaks because everything is being stopped is no problem of the user's. */
    static boolean isEnding() {
        return ending;
    }

    /** Where a profiled service leaves its recording when it ends. */
    private static Path recording(String service) {
        return FOLDER.resolve("logs").resolve(service + ".jfr");
    }

    Processes processes() {
        return processes;
    }

    String bootstrapServers() {
        return stack.bootstrapServers();
    }

    Relay relay() {
        return new Relay(stack.url(StackPlan.OUTBOX_RELAY), stack.token());
    }

    Sql siteDatabase() {
        return Sql.open(stack.databaseA());
    }

    Sql centralDatabase() {
        return Sql.open(stack.databaseB());
    }

    @Override
    public void close() {
        stack.close();
    }
}

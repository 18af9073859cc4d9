package dev.outboxsync.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The program behind {@code ./demo}: starts a stack that keeps its files in {@code .stack} of the working directory,
 * tells the story, and stays up until it is told to end. Exit codes: 0, 1 for a problem or a step that did not hold, 2 for usage.
 */
final class Demo {
    private static final Path FOLDER = Path.of(".stack");
    private static final Path COMPOSE_FOLDER = FOLDER.resolve("compose");
    private static final String PROJECT = "outbox-sync-demo";

    private final DemoOptions options;
    private final Screen screen;
    private volatile boolean ending;

    private Demo(DemoOptions options, Screen screen) {
        this.options = options;
        this.screen = screen;
    }

    /** Ends the JVM. */
    static void run(String... arguments) throws InterruptedException {
        Screen screen = new Screen(System.out, Boolean.getBoolean("outbox-sync.colours"));
        DemoOptions options;
        try {
            options = DemoOptions.parse(List.of(arguments));
        } catch (StackProblem problem) {
            System.err.print(problem.getMessage());
            System.exit(2);
            return;
        }
        Demo demo = new Demo(options, screen);
        try {
            System.exit(demo.run() ? 0 : 1);
        } catch (StackProblem problem) {
            // What breaks because everything is being stopped is no problem of the user's.
            if (!demo.ending) {
                screen.problem(problem.getMessage());
            }
            System.exit(1);
        }
    }

    private boolean run() throws InterruptedException {
        DemoStack stack = options.compose() ? composeStack() : embeddedStack();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack)));
        stack.start();
        boolean held = !options.story() || tell(stack);
        if (options.once()) {
            return held;
        }
        Invitation.show(stack, screen);
        new CountDownLatch(1).await();
        return held;
    }

    private boolean tell(DemoStack stack) {
        return new DemoStory(stack, screen).tell() && (!options.twoSites() || new TwoSitesStory(stack, screen).tell());
    }

    private DemoStack embeddedStack() {
        String servers = options.twoSites() ? "three MySQL servers" : "two MySQL servers";
        String services = options.twoSites() ? "five services" : "three services";
        String more = options.campaigns() ? " and campaign-pull" : "";
        screen.line("Starting " + servers + ", a Kafka broker, " + services + more + " in " + FOLDER + " ...");
        return DevelopmentStack.of(plan(FOLDER));
    }

    private DemoStack composeStack() {
        screen.line(
                "Starting docker-compose.yml as project " + PROJECT + ", with what is in " + COMPOSE_FOLDER + " ...");
        return ComposeStack.of(PROJECT, plan(COMPOSE_FOLDER));
    }

    private StackPlan plan(Path folder) {
        StackPlan plan = new StackPlan(folder).supervised().announcingTo(line -> screen.line("  " + line));
        if (options.twoSites()) {
            plan.twoSites();
        }
        if (options.campaigns()) {
            plan.campaigns();
            for (String name : List.of("URL", "USER", "PASSWORD", "CLIENT_ID")) {
                String value = System.getenv("CAMPAIGN_API_" + name);
                if (value != null) {
                    plan.setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGN_API_" + name, value);
                }
            }
        }
        String tables = System.getenv("SYNC_TABLES");
        if (tables != null) {
            plan.tables(tables);
        }
        for (String name : plan.processes()) {
            String port = System.getenv(StackPlan.portVariable(name));
            if (port != null) {
                plan.port(name, portNumber(name, port));
            }
        }
        return options.fresh() ? plan.fresh() : plan;
    }

    private static int portNumber(String name, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new StackProblem(StackPlan.portVariable(name) + "=" + text + " is not a port: use 1 to 65535.");
        }
        return Integer.parseInt(text);
    }

    private void end(DemoStack stack) {
        ending = true;
        screen.line("");
        screen.line("Stopping everything ...");
        stack.close();
        screen.line(options.compose() ? "All containers are gone." : "All processes have ended.");
    }
}

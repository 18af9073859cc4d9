package dev.outboxsync.benchmark;

import dev.outboxsync.stack.StackProblem;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code ./benchmark}. Exit codes: 0, 1 when there are no figures, 2 for usage. */
@Command(
        name = "./benchmark",
        description = {
            "Measures Outbox Sync on private MySQL servers, Kafka and services, and deletes their data at the end.",
            "Without a command: how long a backlog takes from \"online\" to SYNCED, against a plain copy of its rows."
        },
        footer = {"", "Progress goes to stderr, figures to stdout. docs/performance.md says what they mean."})
public final class Benchmark implements Callable<Integer> {
    private static final int LEAST_ROWS = 1_000;

    @Mixin
    private Output output = new Output();

    @Option(
            names = "--rows",
            paramLabel = "<n>",
            defaultValue = "100000",
            description = "Changes in the backlog, 1000 or more (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--rounds",
            paramLabel = "<n>",
            defaultValue = "5",
            description = "Rounds that count, 1 or more (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--profile",
            description = "Record each service with JFR, to .stack/benchmark/logs; costs a few per cent.")
    private boolean profiled;

    @Spec
    private @Nullable CommandSpec spec;

    private Benchmark() {}

    public static void main(String[] arguments) {
        var commandLine = new CommandLine(new Benchmark());
        commandLine.setExecutionExceptionHandler((problem, command, result) -> {
            if (PrivateStack.isEnding()) {
                return 1;
            }
            if (!(problem instanceof StackProblem || problem instanceof BenchmarkFailed)) {
                throw problem;
            }
            System.err.println(problem.getMessage());
            return 1;
        });
        System.exit(commandLine.execute(arguments));
    }

    @Override
    public Integer call() {
        require(rows >= LEAST_ROWS, "--rows must be " + LEAST_ROWS + " or more");
        require(rounds >= 1, "--rounds must be 1 or more");
        return output.print(profiled, stack -> new Drain(stack, rows, Output::progress).measure(rounds));
    }

    @Command(
            name = "latency",
            description = "How long a single change takes, from its commit, with a poll every 100 ms.")
    int latency(
            @Mixin Output results,
            @Option(
                            names = "--changes",
                            paramLabel = "<n>",
                            defaultValue = "500",
                            description = "Single changes, 1 or more (default ${DEFAULT-VALUE}).")
                    int changes) {
        require(changes >= 1, "--changes must be 1 or more");
        return results.print(false, stack -> new Latency(stack, Output::progress).measure(changes));
    }

    @Command(name = "capture", description = "What the triggers cost those who write to DB_A.")
    int capture(
            @Mixin Output results,
            @Option(
                            names = "--rounds",
                            paramLabel = "<n>",
                            defaultValue = "5",
                            description = "Rounds that count, 1 or more (default ${DEFAULT-VALUE}).")
                    int count) {
        require(count >= 1, "--rounds must be 1 or more");
        return results.print(false, stack -> new Capture(stack, Output::progress).measure(count));
    }

    private void require(boolean condition, String sentence) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }

    /** What every benchmark prints, and how. */
    static final class Output {
        @Option(names = "--json", description = "Print the figures as one JSON object.")
        private boolean json;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        private boolean unusedByUs;

        /** Starts a stack, measures on it, and prints the report when the stack has gone. */
        int print(boolean profiled, Function<PrivateStack, Report> benchmark) {
            Report report;
            try (PrivateStack stack = PrivateStack.start(Output::progress, profiled)) {
                report = benchmark.apply(stack);
            }
            System.out.println(json ? report.json() : report.table());
            return 0;
        }

        static void progress(String line) {
            System.err.println(line);
        }
    }
}

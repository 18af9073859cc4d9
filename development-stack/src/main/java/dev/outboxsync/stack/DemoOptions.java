package dev.outboxsync.stack;

import java.util.List;

/** What {@code ./demo} was asked for. */
record DemoOptions(boolean story, boolean once, boolean fresh, boolean compose) {
    static final String USAGE = """
            Usage: ./demo [--once | --up] [--fresh] [--compose]
              (none)   start everything, tell the story, stay up until Ctrl-C
              --once   end after the story; exit code 0 only if every step held
              --up     start everything without the story, stay up until Ctrl-C
              --fresh  forget the data of earlier runs, which is otherwise kept
              --compose  the same with docker-compose.yml, in containers
            """;

    /** Throws a {@link StackProblem} with the usage if it is not clear what is wanted. */
    static DemoOptions parse(List<String> arguments) {
        for (String argument : arguments) {
            if (!List.of("--once", "--up", "--fresh", "--compose").contains(argument)) {
                throw new StackProblem("Unknown option: " + argument + "\n" + USAGE);
            }
        }
        boolean once = arguments.contains("--once");
        boolean up = arguments.contains("--up");
        if (once && up) {
            throw new StackProblem("--once and --up exclude each other.\n" + USAGE);
        }
        return new DemoOptions(!up, once, arguments.contains("--fresh"), arguments.contains("--compose"));
    }
}

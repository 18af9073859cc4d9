package dev.outboxsync.stack;

import java.util.List;

/** What {@code ./demo} was asked for. */
record DemoOptions(boolean story, boolean once, boolean fresh, boolean compose, boolean twoSites, boolean campaigns) {
    static final String USAGE = """
            Usage: ./demo [--once | --up] [--fresh] [--sites 2] [--campaigns] [--compose]
              (none)   start everything, tell the story, stay up until Ctrl-C
              --once   end after the story; exit code 0 only if every step held
              --up     start everything without the story, stay up until Ctrl-C
              --fresh  forget the data of earlier runs, which is otherwise kept
              --sites 2  with a second site, and what comes of two in one centre; not with --compose
              --campaigns  with campaign-pull and a stand-in for its platform; not with --compose
              --compose  the same with docker-compose.yml, in containers
            """;

    /** Throws a {@link StackProblem} with the usage if it is not clear what is wanted. */
    static DemoOptions parse(List<String> arguments) {
        int sites = arguments.indexOf("--sites");
        for (int i = 0; i < arguments.size(); i++) {
            boolean isCount = sites >= 0 && i == sites + 1;
            if (!isCount
                    && !List.of("--once", "--up", "--fresh", "--compose", "--sites", "--campaigns")
                            .contains(arguments.get(i))) {
                throw new StackProblem("Unknown option: " + arguments.get(i) + "\n" + USAGE);
            }
        }
        String count = sites < 0 ? "1" : sites + 1 < arguments.size() ? arguments.get(sites + 1) : "";
        if (!List.of("1", "2").contains(count)) {
            throw new StackProblem("--sites takes 1 or 2.\n" + USAGE);
        }
        boolean twoSites = count.equals("2");
        if (twoSites && arguments.contains("--compose")) {
            throw new StackProblem("In containers: docker compose --profile two-sites up -d\n" + USAGE);
        }
        boolean campaigns = arguments.contains("--campaigns");
        if (campaigns && arguments.contains("--compose")) {
            throw new StackProblem("In containers: docker compose --profile campaigns up -d\n" + USAGE);
        }
        boolean once = arguments.contains("--once");
        boolean up = arguments.contains("--up");
        if (once && up) {
            throw new StackProblem("--once and --up exclude each other.\n" + USAGE);
        }
        return new DemoOptions(
                !up, once, arguments.contains("--fresh"), arguments.contains("--compose"), twoSites, campaigns);
    }
}

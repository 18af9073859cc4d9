package dev.outboxsync.stack;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Docker's command line for one compose project. It sees this JVM's environment (Docker's own settings, other images)
 * with the given names on top, which win over what a {@code .env} says. Each call returns when the command has ended.
 */
final class DockerCompose {
    private static final List<String> PLUGIN = List.of("docker", "compose");
    private static final List<String> STANDALONE = List.of("docker-compose");
    private static final String REMEDY = "install Docker Engine and Compose (Debian 12: sudo apt-get install docker.io"
            + " docker-compose), start it, and let this user use it: `docker info` must answer.";

    private final List<String> compose;
    private final Path folder;
    private final Map<String, String> environment;
    private final Path log;

    private DockerCompose(List<String> compose, Path folder, Map<String, String> environment, Path log) {
        this.compose = compose;
        this.folder = folder;
        this.environment = environment;
        this.log = log;
    }

    /** Finds what is installed, and says what to do if that is nothing. Commands append what they say to the log. */
    static DockerCompose of(String project, Path folder, Map<String, String> environment, Path log) {
        demandDocker("The compose stack");
        for (List<String> candidate : List.of(PLUGIN, STANDALONE)) {
            if (answers(with(candidate, "version"))) {
                return new DockerCompose(with(candidate, "--project-name", project), folder, environment, log);
            }
        }
        throw new StackProblem("The compose stack needs Docker Compose, which is not there: " + REMEDY);
    }

    /** Says who needs Docker, and what to do, where it does not answer. */
    static void demandDocker(String who) {
        if (!answers(List.of("docker", "info"))) {
            throw new StackProblem(who + " needs Docker, which does not answer: " + REMEDY);
        }
    }

    /** How a person begins a command for this project. */
    String words() {
        return String.join(" ", compose);
    }

    /** Runs a command of compose. */
    void run(String... arguments) {
        ProcessBuilder command = command(with(compose, arguments)).redirectErrorStream(true);
        command.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        demand(end(command), arguments);
    }

    /** Runs a command of Docker itself in a service's container; returns what it prints. */
    String exec(String service, String... command) {
        return docker(with(List.of("exec", container(service)), command).toArray(String[]::new));
    }

    /** The container that runs a service. */
    String container(String service) {
        return output(with(compose, "ps", "-q", service)).strip();
    }

    /** Runs a command of Docker itself; returns what it prints. */
    String docker(String... arguments) {
        return output(with(List.of("docker"), arguments));
    }

    private String output(List<String> words) {
        ProcessBuilder command = command(words).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = command.start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            demand(process.waitFor(), words.toArray(String[]::new));
            return printed;
        } catch (IOException e) {
            throw new StackProblem("Docker cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void demand(int exitCode, String... arguments) {
        if (exitCode != 0) {
            throw new StackProblem(
                    "`" + String.join(" ", arguments) + "` ended with " + exitCode + ": see " + log + ".");
        }
    }

    private ProcessBuilder command(List<String> words) {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static boolean answers(List<String> words) {
        ProcessBuilder command =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            return end(command) == 0;
        } catch (StackProblem notInstalled) {
            return false;
        }
    }

    private static int end(ProcessBuilder command) {
        try {
            return command.start().waitFor();
        } catch (IOException e) {
            throw new StackProblem("Docker cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static StackProblem interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StackProblem("Interrupted while waiting for Docker.", e);
    }

    private static List<String> with(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }
}

package dev.outboxsync.benchmark;

import dev.outboxsync.stack.StackPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel and the JVMs tell of the stack's processes. */
final class Processes {
    private static final List<String> NAMES = List.of(
            StackPlan.MYSQL_A,
            StackPlan.MYSQL_B,
            StackPlan.KAFKA,
            StackPlan.LOCAL_API,
            StackPlan.OUTBOX_RELAY,
            StackPlan.CENTRAL_CONSUMER);

    /** The kernel's clock ticks, which Linux shows to programs at 100 a second whatever it counts itself. */
    private static final double TICKS = 100;

    private static final int USER_TICKS = 11;
    private static final Pattern BEFORE_COLLECTION = Pattern.compile(" (\\d+)M->\\d+M\\(");

    private final Path folder;

    /** @param folder that of the stack */
    Processes(Path folder) {
        this.folder = folder;
    }

    /** Seconds of CPU, user and system together, that each process has taken since its start. */
    Map<String, Double> cpuSeconds() {
        var seconds = new LinkedHashMap<String, Double>();
        NAMES.forEach(name -> seconds.put(name, cpuSeconds(name)));
        return seconds;
    }

    private double cpuSeconds(String name) {
        String pid = read(folder.resolve("run").resolve(name + ".pid")).strip();
        String stat = read(Path.of("/proc", pid, "stat"));
        // the program's name, in brackets, may hold spaces
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS;
    }

    /** The options by which a JVM logs its collections to a file. */
    String collectionsLogged(String service) {
        return "-Xlog:gc:file=" + collections(service).toAbsolutePath();
    }

    /** The fullest heap that a collection has found since the start, in MiB. */
    long fullestHeap(String service) {
        Matcher before = BEFORE_COLLECTION.matcher(read(collections(service)));
        long fullest = 0;
        while (before.find()) {
            fullest = Math.max(fullest, Long.parseLong(before.group(1)));
        }
        return fullest;
    }

    private Path collections(String service) {
        return folder.resolve("logs").resolve(service + "-gc.log");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BenchmarkFailed("A process has gone", e);
        }
    }
}

package dev.outboxsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many worlds, one promise. {@code -Dsim.seeds=} runs more of them, {@code -Dsim.seed=} tells the story of one. */
@Tag("slow")
class SimulationTest {
    private static final int MOST_TOLD = 20;

    @Test
    void in_no_world_is_the_promise_broken() {
        String one = System.getProperty("sim.seed", "");
        if (!one.isEmpty()) {
            Simulation.Result result = Simulation.run(Long.parseLong(one), true);
            System.out.println(result.story());
            assertThat(result.violation()).as("seed %s", one).isNull();
            return;
        }
        long seeds = Long.getLong("sim.seeds", 1_000);

        Map<Long, String> broken = new TreeMap<>();
        LongStream.rangeClosed(1, seeds).parallel().forEach(seed -> {
            String violation = Simulation.violationOf(seed);
            if (violation != null) {
                synchronized (broken) {
                    broken.put(seed, violation);
                }
            }
        });

        assertThat(broken.entrySet().stream().limit(MOST_TOLD))
                .as("of %d seeds", seeds)
                .isEmpty();
    }

    @Test
    void the_same_seed_is_the_same_world() {
        for (long seed : List.of(3L, 17L, 4_711L)) {
            assertThat(Simulation.run(seed, true)).isEqualTo(Simulation.run(seed, true));
        }
    }
}

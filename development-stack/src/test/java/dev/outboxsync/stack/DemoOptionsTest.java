package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
    @Test
    void without_options_the_story_is_told_and_the_stack_stays_up_with_its_data() {
        assertThat(DemoOptions.parse(List.of())).isEqualTo(new DemoOptions(true, false, false, false, false, false));
    }

    @Test
    void each_option_does_one_thing() {
        assertThat(DemoOptions.parse(List.of("--once")))
                .isEqualTo(new DemoOptions(true, true, false, false, false, false));
        assertThat(DemoOptions.parse(List.of("--up")))
                .isEqualTo(new DemoOptions(false, false, false, false, false, false));
        assertThat(DemoOptions.parse(List.of("--fresh", "--once")))
                .isEqualTo(new DemoOptions(true, true, true, false, false, false));
        assertThat(DemoOptions.parse(List.of("--sites", "2")).twoSites()).isTrue();
        assertThat(DemoOptions.parse(List.of("--up", "--campaigns")).campaigns())
                .isTrue();
        assertThat(DemoOptions.parse(List.of("--compose")))
                .isEqualTo(new DemoOptions(true, false, false, true, false, false));
    }

    @Test
    void what_it_does_not_know_is_refused_with_the_usage() {
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--upp")))
                .isInstanceOf(StackProblem.class)
                .hasMessageStartingWith("Unknown option: --upp\nUsage: ./demo ");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--up", "--once")))
                .isInstanceOf(StackProblem.class)
                .hasMessageStartingWith("--once and --up exclude each other.");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--campaigns", "--compose")))
                .isInstanceOf(StackProblem.class)
                .hasMessageStartingWith("In containers: docker compose --profile campaigns up -d");
    }
}

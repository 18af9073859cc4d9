package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    @Test
    void long_lines_are_broken_after_a_comma_and_lose_nothing() {
        String json = "{\"table\":\"users\",\"operation\":\"INSERT\",\"record_id\":\"7\"}";

        List<String> lines = Screen.wrap(json, 40);

        assertThat(lines).containsExactly("{\"table\":\"users\",\"operation\":\"INSERT\",", "    \"record_id\":\"7\"}");
    }

    @Test
    void a_word_longer_than_the_line_is_cut() {
        assertThat(Screen.wrap("x".repeat(25), 20)).containsExactly("x".repeat(20), "    xxxxx");
    }

    @Test
    void rows_that_one_database_lacks_show_as_dashes() {
        List<String> lines = SideBySide.table(
                List.of("id", "name"),
                List.of(List.of("1", "Ann"), List.of("22", "Cleo")),
                List.of(List.of("1", "Ann")));

        assertThat(lines).containsExactly("id  name  |  id  name", "1   Ann   |  1   Ann", "22  Cleo  |  -   -");
    }
}

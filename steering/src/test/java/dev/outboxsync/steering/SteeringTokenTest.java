package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SteeringTokenTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer other", "Bearer secre", "Bearer secrett", "Basic secret"})
    void another_authorization_is_refused(String authorization) {
        assertThat(SteeringToken.of("secret").isIn(authorization)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "Bearer  secret"})
    void the_token_is_known_however_its_scheme_is_written(String authorization) {
        assertThat(SteeringToken.of("secret").isIn(authorization)).isTrue();
    }

    @Test
    void the_token_is_made_for_its_owner_and_shown_nowhere(CapturedOutput output) throws IOException {
        Path file = folder.resolve("new/sync-token");

        SteeringToken token = SteeringToken.in(file);

        String secret = Files.readString(file).strip();
        assertThat(token.isIn("Bearer " + secret)).isTrue();
        assertThat(secret).hasSizeGreaterThanOrEqualTo(40);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(output).contains(file.toString()).doesNotContain(secret);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void services_that_start_at_once_end_with_the_same_token() throws IOException {
        Path file = folder.resolve("sync-token");
        int services = 8;
        var start = new CyclicBarrier(services);

        List<SteeringToken> tokens = IntStream.range(0, services)
                .mapToObj(service -> Racing.started(() -> {
                    start.await();
                    return SteeringToken.in(file);
                }))
                .toList()
                .stream()
                .map(Racing::outcome)
                .toList();

        String authorization = "Bearer " + Files.readString(file).strip();
        assertThat(tokens).allMatch(token -> token.isIn(authorization));
    }

    @Test
    void a_file_that_others_may_read_is_refused() throws IOException {
        Path file = Files.writeString(folder.resolve("sync-token"), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SteeringToken.in(file))
                .isInstanceOf(StartRefused.class)
                .hasMessage("The token file " + file + " is open to others than its owner.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two words", "tökén"})
    void what_cannot_be_a_token_is_refused(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("sync-token"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> SteeringToken.in(file))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("not one word");
    }

    @Test
    void a_place_where_nothing_can_be_made_is_a_sentence() throws IOException {
        Path file = Files.writeString(folder.resolve("no-folder"), "").resolve("sync-token");

        assertThatThrownBy(() -> SteeringToken.in(file))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("can be neither read nor made");
    }
}

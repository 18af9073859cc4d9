package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokenFileTest {
    private static final String SECRET = "a-secret-of-some-length";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("sync-token");
    }

    @Test
    void the_token_is_made_for_its_owner_and_shown_nowhere(CapturedOutput output) throws IOException {
        file = folder.resolve("new/sync-token");

        SteeringToken token = token();

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
        int services = 8;
        var start = new CyclicBarrier(services);

        List<SteeringToken> tokens = IntStream.range(0, services)
                .mapToObj(service -> Racing.started(() -> {
                    start.await();
                    return token();
                }))
                .toList()
                .stream()
                .map(Racing::outcome)
                .toList();

        String authorization = "Bearer " + Files.readString(file).strip();
        assertThat(tokens).allMatch(token -> token.isIn(authorization));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------"})
    void a_file_of_its_owner_is_read_without_the_blanks_around_the_token(String rights) throws IOException {
        write(" " + SECRET + "\r\n", rights);

        assertThat(token().isIn("Bearer " + SECRET)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw------x", "rw-rw-rw-"})
    void a_file_that_is_open_to_others_is_refused(String rights) throws IOException {
        write(SECRET, rights);

        assertRefused("The token file " + file + " is open to others than its owner.", "Make a new token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \t\r\n "})
    void an_empty_file_is_refused(String content) throws IOException {
        write(content, "rw-------");

        assertRefused("The token file " + file + " is empty.", "Delete it: at the next start a new one is made.");
    }

    @ParameterizedTest
    @CsvSource({
        "two words that are long, is not one word",
        "tök\u00e9n-that-is-long-enough, is not one word",
        "short, is too short"
    })
    void what_cannot_be_a_token_is_refused(String content, String reason) throws IOException {
        write(content, "rw-------");

        assertRefused("The token in " + file + " " + reason, "openssl rand -hex 32");
    }

    @Test
    void text_in_no_charset_is_refused_like_any_other_that_is_no_word() throws IOException {
        Files.write(file, (SECRET + "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertRefused("The token in " + file + " is not one word", "openssl rand -hex 32");
    }

    @Test
    void a_link_is_refused_whatever_it_leads_to() throws IOException {
        write(SECRET, "rw-------");
        Path whole = Files.createSymbolicLink(folder.resolve("link"), file);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));

        for (Path link : List.of(whole, dangling)) {
            file = link;
            assertRefused("The token file " + link + " is a link, a folder or a device", "Set SYNC_TOKEN_FILE");
        }
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/"})
    void what_is_no_plain_file_is_refused_and_not_read(String place) {
        file = Path.of(place);

        assertRefused("is a link, a folder or a device, not a plain file.", "Set SYNC_TOKEN_FILE");
    }

    @Test
    void a_file_that_is_no_token_at_all_is_refused() throws IOException {
        write("x".repeat(5_000), "rw-------");

        assertRefused("The token file " + file + " is far too large for a token.", "Set SYNC_TOKEN_FILE");
    }

    @Test
    void a_place_where_nothing_can_be_made_is_a_sentence() throws IOException {
        file = Files.writeString(folder.resolve("no-folder"), "").resolve("sync-token");

        assertRefused("can be neither read nor made", "Set SYNC_TOKEN");
    }

    @Test
    void a_name_that_no_file_can_have_is_a_sentence() {
        assertThatThrownBy(() -> TokenFile.named("a\0b"))
                .isInstanceOf(StartRefused.class)
                .hasMessage("SYNC_TOKEN_FILE is not the name of a file.");
    }

    private SteeringToken token() {
        return TokenFile.named(file.toString()).token();
    }

    private void write(String content, String rights) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private void assertRefused(String reason, String cure) {
        assertThatThrownBy(this::token)
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.cure()).contains(cure))
                .hasMessageContaining(reason)
                .hasMessageNotContaining(SECRET);
    }
}

package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortBlockTest {
    private static final int HANDED_OUT = PortBlock.SIZE - 1;

    @Test
    void no_two_who_claimed_a_block_get_the_same_port_though_none_listens_yet() {
        PortBlock one = PortBlock.claim();
        PortBlock other = PortBlock.claim();

        IntStream all = Stream.of(one, other)
                .flatMapToInt(block -> IntStream.range(0, HANDED_OUT).map(any -> block.next()));

        assertThat(all.boxed()).doesNotHaveDuplicates().hasSize(2 * HANDED_OUT);
    }

    @Test
    void a_port_that_is_taken_is_passed_over() throws IOException {
        PortBlock block = PortBlock.claim();
        int taken = block.next() + 1;

        try (var stranger = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
            assertThat(block.next()).isNotEqualTo(stranger.getLocalPort());
        }
    }
}

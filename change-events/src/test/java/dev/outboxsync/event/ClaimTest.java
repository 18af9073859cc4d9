package dev.outboxsync.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {
    private static final Site SITE = new Site("site-1");
    private static final Claim FROZEN = new Claim("site-1", 1L, 42);

    @Test
    void a_change_that_cannot_be_read_still_says_which_one_it_is() {
        String event = Golden.CHANGE_EVENT;

        assertThat(claimOf(event.replace("UPDATE", "UPSERT"))).contains(FROZEN);
        assertThat(claimOf(event.replace("\"v\":1", "\"v\":2"))).contains(FROZEN);
        assertThat(claimOf(event.substring(0, 100))).contains(FROZEN);
        assertThat(claimOf("{\"row\":[],\"sequence\":7}")).contains(new Claim(null, null, 7));
        assertThat(Claim.of(event.replace("PAID", "BEZAHLT f\u00fcr").getBytes(ISO_8859_1)))
                .contains(FROZEN);
    }

    /** Half a number is another number. */
    @Test
    void of_a_change_that_was_cut_anywhere_it_names_the_right_one_or_none() {
        byte[] whole = Golden.bytes(Golden.CHANGE_EVENT);
        for (int length = 0; length < whole.length; length++) {
            assertThat(Claim.of(Arrays.copyOf(whole, length)).map(Claim::sequence))
                    .as("cut to " + length)
                    .isIn(Optional.empty(), Optional.of(42L));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[{\"sequence\":42}]",
                "{\"sequence\":42",
                "{\"sequence\":\"42\"}",
                "{\"sequence\":42.0}",
                "{\"sequence\":4e1}",
                "{\"sequence\":0}",
                "{\"sequence\":-1}",
                "{\"sequence\":9223372036854775808}",
                "{\"sequence\":null}",
                "{\"row\":{\"sequence\":42}}",
                "{\"sequence\":42,\"sequence\":43}",
                "{\"site\":\"site-1\",\"sequence\":42,\"site\":\"site-2\"}"
            })
    void a_sequence_that_may_be_mistaken_is_none(String value) {
        assertThat(claimOf(value)).isEmpty();
    }

    @Test
    void a_tombstone_claims_nothing() {
        assertThat(Claim.of(null)).isEmpty();
    }

    @Test
    void a_change_of_another_site_or_epoch_does_not_fit() {
        assertThat(FROZEN.fits(SITE, 1)).isTrue();
        assertThat(new Claim(null, null, 42).fits(SITE, 1)).isTrue();
        assertThat(FROZEN.fits(new Site("site-2"), 1)).isFalse();
        assertThat(FROZEN.fits(SITE, 2)).isFalse();
    }

    private static Optional<Claim> claimOf(String value) {
        return Claim.of(value.getBytes(UTF_8));
    }
}

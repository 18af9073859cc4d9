package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.endtoend.Shop.Answer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change that the centre cannot take harms nobody else's, and is not lost. */
@Tag("server-dependent")
class RefusalTest {
    private final Shop shop = TheStack.shop();
    private final Books books = TheStack.books();

    @Test
    void a_duplicate_email_at_the_centre_is_refused_alone_and_retried_after_the_cure() {
        String taken = UUID.randomUUID() + "@example.org";
        long other = 900_000_000_000_000L;
        books.central()
                .sql("INSERT INTO users (id, name, email, updated_at) VALUES (?, 'Of another', ?, UTC_TIMESTAMP(6))")
                .params(other, taken)
                .update();

        Answer refused = shop.addUser("Ann", taken);
        Answer behind = shop.addUser("Ben", UUID.randomUUID() + "@example.org");
        books.awaitDrained(Duration.ofMinutes(3));

        Answer entry = shop.send("GET", "/sync/status?status=FAILED", null);
        assertThat(entry.body().at("/failed").asLong()).isEqualTo(1);
        assertThat(entry.body().at("/records/0/record_id").asString()).isEqualTo(String.valueOf(refused.id()));
        assertThat(entry.body().at("/records/0/last_error").asString()).isEqualTo("DUPLICATE_KEY users.email");
        assertThat(nameAtCentre(other)).isEqualTo("Of another");
        assertThat(nameAtCentre(behind.id())).isEqualTo("Ben");

        books.central().sql("DELETE FROM users WHERE id = ?").param(other).update();
        assertThat(shop.retryAll().body().get("retried").asInt()).isEqualTo(1);

        books.awaitDrained(Duration.ofMinutes(3));
        assertThat(nameAtCentre(refused.id())).isEqualTo("Ann");
        books.demandEqualAndSynced();
    }

    @Test
    void an_order_whose_user_was_refused_waits_for_the_user() {
        String taken = UUID.randomUUID() + "@example.org";
        long other = 900_000_000_000_001L;
        books.central()
                .sql("INSERT INTO users (id, name, email, updated_at) VALUES (?, 'Of another', ?, UTC_TIMESTAMP(6))")
                .params(other, taken)
                .update();
        Answer user = shop.addUser("Ann", taken);
        Answer order = shop.addOrder(user.id(), "3.00", "PAID");
        await().atMost(Duration.ofMinutes(3))
                .until(() -> books.count("sync_status = 'PENDING' AND last_error LIKE 'MISSING_PARENT%'") == 1);

        books.central().sql("DELETE FROM users WHERE id = ?").param(other).update();
        shop.retryAll();

        books.awaitDrained(Duration.ofMinutes(3));
        books.demandEqualAndSynced();
        assertThat(order.status()).isEqualTo(201);
    }

    private String nameAtCentre(long id) {
        return books.central()
                .sql("SELECT name FROM users WHERE id = ?")
                .param(id)
                .query(String.class)
                .single();
    }
}

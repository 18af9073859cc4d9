package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.endtoend.Shop.Answer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change reaches DB_B and comes back SYNCED, whoever makes it. */
@Tag("server-dependent")
class WholePathTest {
    private final Shop shop = TheStack.shop();
    private final Books books = TheStack.books();

    @AfterEach
    void back_online() {
        shop.switchOnline(true);
    }

    @Test
    void what_was_written_offline_arrives_when_the_site_is_online_again() {
        assertThat(shop.switchOnline(false).status()).isEqualTo(200);
        Answer ann = shop.addUser("Ann", email());
        Answer order = shop.addOrder(ann.id(), "12.50", "PAID");
        assertThat(ann.body().at("/sync/sync_status").asString()).isEqualTo("PENDING");
        assertThat(order.body().at("/sync/operation").asString()).isEqualTo("INSERT");
        assertThat(shop.runCycle().status()).isEqualTo(409);

        shop.switchOnline(true);
        assertThat(shop.runCycle().status()).isEqualTo(200);

        books.awaitDrained(Duration.ofMinutes(3));
        books.demandEqualAndSynced();
        assertThat(books.count(
                        "retry_count > 0 AND id >= " + ann.body().at("/sync/id").asLong()))
                .as("waiting offline is no failure")
                .isZero();
        assertThat(books.central()
                        .sql("SELECT CAST(amount AS CHAR) FROM orders WHERE id = ?")
                        .param(order.id())
                        .query(String.class)
                        .single())
                .isEqualTo("12.50");
    }

    @Test
    void a_change_typed_at_a_mysql_prompt_arrives_too() {
        String email = email();

        books.local()
                .sql("INSERT INTO users (name, email) VALUES ('Zoë 🛒', ?)")
                .param(email)
                .update();

        books.awaitDrained(Duration.ofMinutes(3));
        assertThat(books.central()
                        .sql("SELECT name FROM users WHERE email = ?")
                        .param(email)
                        .query(String.class)
                        .single())
                .isEqualTo("Zoë 🛒");
        books.demandEqualAndSynced();
    }

    @Test
    void updates_and_deletes_arrive_in_order() {
        String email = email();
        Answer user = shop.addUser("Ben", email);
        Answer order = shop.addOrder(user.id(), "1", "PENDING");
        shop.changeOrder(order.id(), user.id(), "2.20", "PAID");
        shop.removeOrder(order.id());
        assertThat(shop.removeUser(user.id()).status()).isEqualTo(200);
        Answer heir = shop.addUser("Cem", email);

        books.awaitDrained(Duration.ofMinutes(3));

        assertThat(heir.status()).isEqualTo(201);
        books.demandEqualAndSynced();
    }

    private static String email() {
        return UUID.randomUUID() + "@example.org";
    }
}

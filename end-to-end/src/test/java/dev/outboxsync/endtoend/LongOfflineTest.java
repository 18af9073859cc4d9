package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A week offline: the backlog goes out page by page; a service that runs out of its 256 MB would end. */
@Tag("slow")
class LongOfflineTest {
    private static final int USERS = 100_000;

    private final Shop shop = TheStack.shop();
    private final Books books = TheStack.books();

    @Test
    void a_hundred_thousand_changes_drain_in_the_memory_of_a_small_process() {
        shop.switchOnline(false);
        books.local().sql("""
                        INSERT INTO users (name, email)
                        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
                        SELECT CONCAT('User ', a.n * 100 + b.n), CONCAT('backlog-', UUID(), '@example.org')
                        FROM numbers a JOIN numbers b ON b.n <= 100
                        """).update();
        assertThat(books.count("sync_status = 'PENDING'")).isEqualTo(USERS);

        shop.switchOnline(true);
        Shop.Answer cycle = shop.runCycle();

        assertThat(cycle.status()).isEqualTo(200);
        books.awaitDrained(Duration.ofMinutes(3));
        books.demandEqualAndSynced();
    }
}

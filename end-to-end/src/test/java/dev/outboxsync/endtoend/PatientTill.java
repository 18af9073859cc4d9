package dev.outboxsync.endtoend;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A till that writes one user after the other and is told nothing of outages: what got no answer, or a 503, it sends
 * again until it is stored. Runs in a thread of its own until it is closed.
 */
final class PatientTill implements AutoCloseable {
    private static final int CREATED = 201;
    private static final int ALREADY_THERE = 409;
    private static final long BETWEEN_SALES_MS = 20;

    private final Shop shop;
    private final String name;
    private final Queue<String> stored = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::sell, "till");

    PatientTill(Shop shop, String name) {
        this.shop = shop;
        this.name = name;
        thread.start();
    }

    /** How many users local-api has said are stored. */
    int sold() {
        return stored.size();
    }

    /** Their e-mail addresses. */
    Queue<String> stored() {
        return stored;
    }

    private void sell() {
        try {
            do {
                String email = name + "-" + stored.size() + "@example.org";
                if (isStored(email)) {
                    stored.add(email);
                }
            } while (!closing.await(BETWEEN_SALES_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** 409 is the answer to a repeat of what was stored without the till being told. */
    private boolean isStored(String email) {
        try {
            int status = shop.addUser("Till", email).status();
            return status == CREATED || status == ALREADY_THERE;
        } catch (AssertionError noAnswer) {
            return false;
        }
    }

    /** Returns when the last sale has been answered. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

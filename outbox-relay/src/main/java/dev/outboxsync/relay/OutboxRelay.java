package dev.outboxsync.relay;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The relay of one site. */
@SpringBootApplication
public class OutboxRelay {
    public static void main(String[] args) {
        SpringApplication.run(OutboxRelay.class, args);
    }
}

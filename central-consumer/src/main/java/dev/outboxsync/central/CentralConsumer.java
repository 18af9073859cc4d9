package dev.outboxsync.central;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The centre's consumer of every site's changes. */
@SpringBootApplication
public class CentralConsumer {
    public static void main(String[] args) {
        SpringApplication.run(CentralConsumer.class, args);
    }
}

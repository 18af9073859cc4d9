package dev.outboxsync.local;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The site's REST API. */
@SpringBootApplication
public class LocalApi {
    public static void main(String[] args) {
        SpringApplication.run(LocalApi.class, args);
    }
}

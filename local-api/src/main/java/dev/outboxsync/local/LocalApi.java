package dev.outboxsync.local;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The site's REST API. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class LocalApi {
    public static void main(String[] args) {
        SpringApplication.run(LocalApi.class, args);
    }
}

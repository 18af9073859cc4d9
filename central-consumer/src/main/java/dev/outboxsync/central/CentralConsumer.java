package dev.outboxsync.central;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The centre's consumer of every site's changes. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CentralConsumer {
    public static void main(String[] args) {
        SpringApplication.run(CentralConsumer.class, args);
    }
}

package dev.outboxsync.campaign;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The puller of one site's campaigns. */
@SpringBootApplication
public class CampaignPull {
    public static void main(String[] args) {
        SpringApplication.run(CampaignPull.class, args);
    }
}

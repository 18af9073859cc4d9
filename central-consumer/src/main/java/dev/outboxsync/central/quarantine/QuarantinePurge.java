package dev.outboxsync.central.quarantine;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Drops what has been in the quarantine for too long, a few at a time. */
@Component
@EnableScheduling
class QuarantinePurge {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantinePurge.class);

    private final QuarantineEntries entries;
    private final QuarantineProperties properties;

    QuarantinePurge(QuarantineEntries entries, QuarantineProperties properties) {
        this.entries = entries;
        this.properties = properties;
    }

    @Scheduled(
            initialDelayString = "${central.quarantine.purge-every}",
            fixedDelayString = "${central.quarantine.purge-every}")
    void purge() {
        try {
            long purged = entries.purge(Instant.now().minus(properties.keep()));
            if (purged > 0) {
                LOG.info("Dropped {} entries of the quarantine that were older than {}", purged, properties.keep());
            }
        } catch (DataAccessException | TransactionException failure) {
            LOG.warn(
                    "The quarantine is not purged now, next attempt in {} s: {}",
                    properties.purgeEvery().toSeconds(),
                    failure.getClass().getSimpleName());
        }
    }
}

package dev.outboxsync.local.repeat;

import dev.outboxsync.mysql.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Forgets old keys, a few at a time, in a thread of its own. */
@Component
class PurgeOfKeys {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeOfKeys.class);

    private final FirstAnswers answers;
    private final Transactions transactions;
    private final RepeatProperties properties;

    PurgeOfKeys(FirstAnswers answers, Transactions transactions, RepeatProperties properties) {
        this.answers = answers;
        this.transactions = transactions;
        this.properties = properties;
    }

    @Scheduled(
            initialDelayString = "${local-api.idempotency.purge-every}",
            fixedDelayString = "${local-api.idempotency.purge-every}")
    void purge() {
        try {
            int purged = properties.purgeRows();
            while (purged == properties.purgeRows()) {
                purged = transactions.run(() -> answers.purge(properties.keep(), properties.purgeRows()));
            }
        } catch (DataAccessException | TransactionException failure) {
            LOG.warn(
                    "Old idempotency keys are not purged now, next attempt in {} s: {}",
                    properties.purgeEvery().toSeconds(),
                    failure.getClass().getSimpleName());
        }
    }
}

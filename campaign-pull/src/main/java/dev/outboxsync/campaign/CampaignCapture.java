package dev.outboxsync.campaign;

import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.queue.CaptureTriggers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether table {@code campaigns} is under sync. If not, its rows stay in DB_A, and nothing else would say so. */
@Component
class CampaignCapture {
    private static final Logger LOG = LoggerFactory.getLogger(CampaignCapture.class);

    private final JdbcClient jdbc;
    private @Nullable Boolean told;

    CampaignCapture(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Null where that cannot be found out: a local-api of before has not granted the right to look. */
    @Nullable
    Boolean isOn() {
        try {
            return CaptureTriggers.areOn(jdbc, "campaigns");
        } catch (DataAccessException denied) {
            LOG.debug(
                    "Whether campaigns are captured is not known ({})",
                    MySqlFailure.of(denied).inWords());
            return null;
        }
    }

    /** Says so in the log, once for as long as it stays so. */
    void look() {
        Boolean captured = isOn();
        if (captured == null || captured.equals(told)) {
            return;
        }
        told = captured;
        if (captured) {
            LOG.info("Table campaigns is under sync");
        } else {
            LOG.warn(
                    "Table campaigns is not under sync: what is pulled stays in DB_A. Add campaigns to the SYNC_TABLES of local-api"
                            + " and central-consumer and start them anew: then the rows that are there follow by themselves");
        }
    }
}

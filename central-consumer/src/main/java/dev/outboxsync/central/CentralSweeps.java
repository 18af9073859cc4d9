package dev.outboxsync.central;

import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.Version;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.TableShape;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Deletes what a site delivered and does not hold any more. Rows of other sites, and of nobody, are never touched. */
final class CentralSweeps {
    private static final Logger LOG = LoggerFactory.getLogger(CentralSweeps.class);
    private static final int PIECE = 1_000;
    // by primary key, piece by piece; the lane is locked by its site's row
    private static final String READ_OLDER = """
            SELECT record_id
            FROM sync_version
            WHERE table_name = :table AND record_id > :after AND site = :site AND NOT deleted
              AND (epoch < :epoch OR (epoch = :epoch AND sequence < :since))
            ORDER BY record_id
            LIMIT :limit
            """;
    private static final String BURY = """
            UPDATE sync_version
            SET deleted = TRUE, epoch = ?, sequence = ?
            WHERE table_name = ? AND record_id = ?
            """;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    CentralSweeps(JdbcTemplate template) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
    }

    /** As {@link CentralTransaction#sweep}. */
    Optional<RowRefusal> sweep(Sweep sweep, TableShape table) {
        template.execute("SAVEPOINT sweep");
        try {
            int deleted = deleteOlder(sweep, table);
            if (deleted > 0) {
                LOG.info(
                        "Site {}: {} rows of {} are deleted, for the site holds them no more",
                        sweep.site(),
                        deleted,
                        table.name());
            }
            reportUnowned(table);
            return Optional.empty();
        } catch (DataAccessException e) {
            MySqlFailure failure = MySqlFailure.of(e);
            if (!failure.mayBeOfTheStatement()) {
                throw e;
            }
            template.execute("ROLLBACK TO SAVEPOINT sweep");
            return Optional.of(RowRefusal.of(table, failure, e));
        }
    }

    private int deleteOlder(Sweep sweep, TableShape table) {
        int deleted = 0;
        List<String> piece = older(sweep, "");
        while (!piece.isEmpty()) {
            for (String record : piece) {
                deleted += sweep.except().contains(record) ? 0 : delete(sweep, table, record);
            }
            piece = older(sweep, piece.get(piece.size() - 1));
        }
        return deleted;
    }

    private List<String> older(Sweep sweep, String after) {
        return jdbc.sql(READ_OLDER)
                .param("table", sweep.table())
                .param("after", after)
                .param("site", sweep.site().name())
                .param("epoch", sweep.since().epoch())
                .param("since", sweep.since().sequence())
                .param("limit", PIECE)
                .query(String.class)
                .list();
    }

    private int delete(Sweep sweep, TableShape table, String record) {
        RowImage key = key(table, record);
        if (key == null) {
            return 0; // the table's key is another one now
        }
        var statement = RowStatement.deleteBetween(table, sweep.from(), sweep.to());
        Column first = table.key().get(0);
        List<String> bounds = Stream.of(Optional.ofNullable(sweep.from()), Optional.ofNullable(sweep.to()))
                .flatMap(Optional::stream)
                .map(first.form()::bindable)
                .toList();
        int deleted = template.update(statement.sql(), statement.binding(key, bounds));
        if (deleted == 1) {
            Version version = sweep.buried();
            template.update(BURY, version.epoch(), version.sequence(), table.name(), record);
        }
        return deleted;
    }

    private static @Nullable RowImage key(TableShape table, String record) {
        List<@Nullable String> texts = RowFit.keyTexts(table, record);
        if (texts.size() != table.key().size()) {
            return null;
        }
        var json = new StringWriter();
        try (var generator = new JsonFactory().createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            for (int i = 0; i < texts.size(); i++) {
                generator.writeStringProperty(table.key().get(i).name(), texts.get(i));
            }
            generator.writeEndObject();
        }
        try {
            return RowImage.ofJson(json.toString());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was there before the centre kept versions belongs to nobody that it knows. */
    private void reportUnowned(TableShape table) {
        long rows = jdbc.sql("SELECT COUNT(*) FROM " + table.quoted())
                .query(Long.class)
                .single();
        long owned = jdbc.sql("SELECT COUNT(*) FROM sync_version WHERE table_name = :table AND NOT deleted")
                .param("table", table.name())
                .query(Long.class)
                .single();
        if (rows > owned) {
            LOG.warn(
                    "Table {} has {} rows that no site has delivered: they are left alone. Delete them, or have their site resync",
                    table.name(),
                    rows - owned);
        }
    }
}

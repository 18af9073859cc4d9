package dev.outboxsync.central;

import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Table sync_version: the last applied version of every record, deleted ones too. Many rows go to the server as one text of
 * JSON, which costs both sides less than a parameter for each value: decision 22.
 */
final class AppliedVersions {
    private static final String ROWS = """
            JSON_TABLE(?, '$[*]' COLUMNS (
                table_name VARCHAR(64) PATH '$[0]',
                record_id VARCHAR(255) PATH '$[1]',
                site VARCHAR(40) PATH '$[2]',
                epoch INT PATH '$[3]',
                sequence BIGINT PATH '$[4]',
                deleted TINYINT PATH '$[5]'))
            """;
    // one lookup by primary key for each of the rows
    private static final String THEIR_VERSIONS = ROWS + """
            AS latest STRAIGHT_JOIN sync_version v
                ON v.table_name = latest.table_name COLLATE utf8mb4_0900_bin
                AND v.record_id = latest.record_id COLLATE utf8mb4_0900_bin
            """;
    // without a lock, for the lane is locked by its site's row
    static final String READ = """
            SELECT v.table_name, v.record_id, v.site, v.epoch, v.sequence, v.deleted
            FROM\s""" + THEIR_VERSIONS;
    private static final String INSERT = """
            INSERT INTO sync_version (table_name, record_id, site, epoch, sequence, deleted)
            SELECT latest.* FROM\s""" + ROWS + " AS latest";
    // The site stays, for a record belongs to who first delivered it, and no version is ever replaced by an older one.
    // What the statement does not find so is missing in its row count.
    static final String UPDATE = "UPDATE " + THEIR_VERSIONS + """
            SET v.epoch = latest.epoch, v.sequence = latest.sequence, v.deleted = latest.deleted
            WHERE v.site = latest.site
              AND (v.epoch < latest.epoch OR v.epoch = latest.epoch AND v.sequence < latest.sequence)
            """;
    private static final int MOST_AT_ONCE = 1_000;
    private static final JsonFactory JSON = new JsonFactory();

    private final JdbcTemplate template;

    AppliedVersions(JdbcTemplate template) {
        this.template = template;
    }

    Map<RecordKey, AppliedVersion> read(Set<RecordKey> records) {
        Map<RecordKey, AppliedVersion> versions = new HashMap<>();
        inParts(
                List.copyOf(records),
                AppliedVersions::writeKey,
                (rows, count) -> template.query(
                        READ,
                        row -> {
                            versions.put(
                                    new RecordKey(row.getString(1), row.getString(2)),
                                    new AppliedVersion(
                                            new Site(row.getString(3)),
                                            new Version(row.getInt(4), row.getLong(5)),
                                            row.getBoolean(6)));
                        },
                        rows));
        return versions;
    }

    /**
     * Writes new versions.
     *
     * @param known those to update; all others are inserted
     * @throws UnexpectedStateException when one to update is gone or newer, or one to insert is there
     */
    void write(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known) {
        List<Map.Entry<RecordKey, AppliedVersion>> inserts = new ArrayList<>();
        List<Map.Entry<RecordKey, AppliedVersion>> updates = new ArrayList<>();
        versions.entrySet().forEach(version -> (known.contains(version.getKey()) ? updates : inserts).add(version));
        inParts(inserts, AppliedVersions::writeVersion, (rows, count) -> insert(rows));
        inParts(updates, AppliedVersions::writeVersion, this::update);
    }

    private void insert(String rows) {
        try {
            template.update(INSERT, rows);
        } catch (DuplicateKeyException e) {
            throw new UnexpectedStateException("another site delivered a record meanwhile", e);
        }
    }

    private void update(String rows, int count) {
        if (template.update(UPDATE, rows) != count) {
            throw new UnexpectedStateException("a remembered version is gone, or a newer one is there", null);
        }
    }

    private static void writeVersion(Map.Entry<RecordKey, AppliedVersion> version, JsonGenerator row) {
        writeKey(version.getKey(), row);
        AppliedVersion applied = version.getValue();
        row.writeString(applied.owner().name());
        row.writeNumber(applied.version().epoch());
        row.writeNumber(applied.version().sequence());
        row.writeNumber(applied.deleted() ? 1 : 0);
    }

    private static void writeKey(RecordKey record, JsonGenerator row) {
        row.writeString(record.table());
        row.writeString(record.recordId());
    }

    /** Calls with an array of arrays, one for each element, and the number of elements, as often as need be. */
    private static <T> void inParts(
            List<T> elements, BiConsumer<T, JsonGenerator> row, ObjIntConsumer<String> statement) {
        for (int from = 0; from < elements.size(); from += MOST_AT_ONCE) {
            List<T> part = elements.subList(from, Math.min(from + MOST_AT_ONCE, elements.size()));
            var rows = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), rows)) {
                json.writeStartArray();
                part.forEach(element -> {
                    json.writeStartArray();
                    row.accept(element, json);
                    json.writeEndArray();
                });
                json.writeEndArray();
            }
            statement.accept(rows.toString(), part.size());
        }
    }
}

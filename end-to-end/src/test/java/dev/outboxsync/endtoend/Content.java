package dev.outboxsync.endtoend;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every value of a table of any shape, byte for byte, in the order of its key. */
final class Content {
    private static final String READ_COLUMNS = """
            SELECT CASE
                WHEN data_type IN ('float', 'double') THEN CONCAT('`', column_name, '`')
                WHEN data_type = 'bit' THEN CONCAT('HEX(`', column_name, '` + 0)')
                WHEN data_type IN ('binary', 'varbinary', 'blob', 'longblob', 'geometry', 'point')
                    THEN CONCAT('HEX(`', column_name, '`)')
                ELSE CONCAT('HEX(CAST(`', column_name, '` AS CHAR))') END
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = ?
            ORDER BY column_name
            """;

    private Content() {}

    /** A line for each row that the condition holds for. */
    static List<String> of(JdbcClient database, String table, String condition) {
        List<String> columns =
                database.sql(READ_COLUMNS).param(table).query(String.class).list();
        return database.sql("SELECT CAST(JSON_ARRAY(" + String.join(", ", columns) + ") AS CHAR) AS line FROM `" + table
                        + "` WHERE " + condition + " ORDER BY 1")
                .query(String.class)
                .list();
    }
}

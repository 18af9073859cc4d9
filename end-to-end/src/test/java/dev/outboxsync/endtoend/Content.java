package dev.outboxsync.endtoend;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every value of a table of any shape, byte for byte. */
final class Content {
    private static final String READ_COLUMNS = """
            SELECT CASE
                WHEN data_type IN ('float', 'double') THEN name
                WHEN data_type = 'bit' THEN CONCAT('HEX(', name, ' + 0)')
                WHEN data_type IN ('binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'geometry', 'point')
                    THEN CONCAT('IF(LENGTH(', name, ') < 100, HEX(', name, '), SHA2(', name, ', 256))')
                ELSE CONCAT('IF(LENGTH(', name, ') < 100, HEX(CAST(', name, ' AS CHAR)), SHA2(', name, ', 256))') END
            FROM (SELECT column_name, data_type, CONCAT('`', REPLACE(column_name, '`', '``'), '`') AS name
                  FROM information_schema.columns
                  WHERE table_schema = DATABASE() AND table_name = ?) AS columns_of_it
            ORDER BY column_name
            """;

    private Content() {}

    /** A line, in order, for each row that the condition holds for. */
    static List<String> of(JdbcClient database, String table, String condition) {
        List<String> columns =
                database.sql(READ_COLUMNS).param(table).query(String.class).list();
        return database
                .sql("SELECT CAST(JSON_ARRAY(" + String.join(", ", columns) + ") AS CHAR) AS line FROM `" + table
                        + "` WHERE " + condition)
                .query(String.class)
                .list()
                .stream()
                .sorted()
                .toList();
    }
}

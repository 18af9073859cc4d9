package dev.outboxsync.endtoend;

import dev.outboxsync.stack.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backup of a whole schema as mysqldump makes it, of one moment: tables, rows, auto-increments and triggers. */
final class Dump {
    private static final Pattern NEXT_KEY = Pattern.compile("AUTO_INCREMENT=\\d+");
    private final Database database;
    private final Map<String, String> definitions = new LinkedHashMap<>();
    private final Map<String, List<List<String>>> rows = new LinkedHashMap<>();
    private final List<String> triggers = new ArrayList<>();

    private Dump(Database database) {
        this.database = database;
    }

    static Dump of(Database database) {
        var dump = new Dump(database);
        try (Connection connection = dump.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
            for (String table : column(statement, "SHOW FULL TABLES WHERE table_type = 'BASE TABLE'", 1)) {
                dump.definitions.put(
                        table,
                        column(statement, "SHOW CREATE TABLE `" + table + "`", 2)
                                .get(0));
                dump.rows.put(table, rows(statement, table));
            }
            for (String trigger : column(statement, "SHOW TRIGGERS", 1)) {
                dump.triggers.add(column(statement, "SHOW CREATE TRIGGER `" + trigger + "`", 3)
                        .get(0));
            }
            return dump;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Puts the schema back to the moment of the dump. Whoever is connected stays so, and finds all tables restored at once:
     * what is written while a dump replaces one after the other is lost (README, "Restore").
     */
    void restore() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET foreign_key_checks = 0");
            statement.execute("LOCK TABLES `" + String.join("` WRITE, `", definitions.keySet()) + "` WRITE");
            for (String trigger : column(statement, "SHOW TRIGGERS", 1)) {
                statement.execute("DROP TRIGGER `" + trigger + "`");
            }
            for (Map.Entry<String, String> table : definitions.entrySet()) {
                statement.execute("TRUNCATE `" + table.getKey() + "`");
                insert(connection, table.getKey());
                Matcher next = NEXT_KEY.matcher(table.getValue());
                if (next.find()) {
                    statement.execute("ALTER TABLE `" + table.getKey() + "` " + next.group());
                }
            }
            for (String trigger : triggers) {
                statement.execute(trigger);
            }
            statement.execute("UNLOCK TABLES");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void insert(Connection connection, String table) throws SQLException {
        List<List<String>> all = rows.get(table);
        if (all.isEmpty()) {
            return;
        }
        String marks = String.join(", ", Collections.nCopies(all.get(0).size(), "?"));
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO `" + table + "` VALUES (" + marks + ")")) {
            for (List<String> row : all) {
                for (int i = 0; i < row.size(); i++) {
                    insert.setString(i + 1, row.get(i));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<List<String>> rows(Statement statement, String table) throws SQLException {
        var all = new ArrayList<List<String>>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM `" + table + "`")) {
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= width; i++) {
                    row.add(result.getString(i));
                }
                all.add(row);
            }
        }
        return all;
    }

    private static List<String> column(Statement statement, String query, int column) throws SQLException {
        var values = new ArrayList<String>();
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                values.add(result.getString(column));
            }
        }
        return values;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                database.url()
                        + "?connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true&rewriteBatchedStatements=true"
                        + "&tinyInt1isBit=false",
                database.user(),
                database.password());
    }
}

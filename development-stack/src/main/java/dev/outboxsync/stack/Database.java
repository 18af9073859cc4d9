package dev.outboxsync.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** One schema of a running MySQL and a user who may do everything in it. */
public record Database(String url, String user, String password) {
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }
}

package dev.outboxsync.mysql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database as its admin: for migrations, triggers and grants, and closed right after, so that the running
 * service holds no right that it does not need.
 */
public final class AdminDatabase implements AutoCloseable {
    private final HikariDataSource dataSource;

    private AdminDatabase(HikariDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Opens the service's own database as another user, with the same settings of the driver.
     *
     * @throws CannotGetJdbcConnectionException when the database cannot be reached now or refuses the user
     */
    public static AdminDatabase open(HikariDataSource service, String user, String password) {
        var config = new HikariConfig();
        config.setJdbcUrl(service.getJdbcUrl());
        config.setUsername(user);
        config.setPassword(password);
        config.setDataSourceProperties(service.getDataSourceProperties());
        config.setTransactionIsolation(service.getTransactionIsolation());
        config.setConnectionTimeout(service.getConnectionTimeout());
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        config.setPoolName("admin");
        try {
            return new AdminDatabase(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            throw new CannotGetJdbcConnectionException(
                    "The database does not answer, or does not let its admin in", new SQLException(e));
        }
    }

    /** A small pool of the admin's connections, open until {@link #close()}. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** A client over {@link #dataSource()}. */
    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

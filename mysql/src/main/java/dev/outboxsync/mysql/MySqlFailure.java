package dev.outboxsync.mysql;

import dev.outboxsync.event.Reason;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decides, once for all services, which class a failure of MySQL is of. By error number (MySQL 8 reference, "Server Error
 * Message Reference") and SQLSTATE, never by text. What is not known is waited out like an outage, which loses nothing, but by whoever sees more.
 *
 * @param code MySQL's error number, 0 when the failure is not the server's
 * @param reason for a refusal, why
 * @param detail for a refusal, the key or column concerned; never a value, which MySQL's own message would hold
 */
public record MySqlFailure(
        FailureClass failureClass,
        int code,
        @Nullable Reason reason,
        @Nullable String detail) {
    private static final Set<Integer> CONTENTION = Set.of(1205, 1213, 3572);
    // full, read-only, locked out, interrupted: each may pass one row and stop the next
    private static final Set<Integer> OUTAGE = Set.of(
            1021, 1030, 1036, 1044, 1114, 1142, 1143, 1180, 1206, 1226, 1227, 1290, 1370, 1637, 1836, 3024, 3101, 3168);
    /** 08: connection, 25: transaction, 28: access, 40: rollback, 70: interrupted, HY001: memory. */
    private static final Pattern STATE_OF_OUTAGE = Pattern.compile("(08|25|28|40|70).*|HY001");
    // Anchored where MySQL names the key or column, for the value beside it can hold any text.
    private static final Pattern KEY = Pattern.compile(" for key '([^']*)'$");
    private static final Pattern COLUMN = Pattern.compile(" for column '([^']*)' at row \\d+$");
    private static final Pattern FIRST_NAME = Pattern.compile("^[A-Za-z ]+ '([^']*)'");
    private static final Pattern FOREIGN_KEY =
            Pattern.compile("\\(`[^`]*`\\.`([^`]*)`, CONSTRAINT `[^`]*` FOREIGN KEY \\(([^)]*)\\)");

    /** The class of a failure, from the first {@link SQLException} among its causes. */
    public static MySqlFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && (sql.getErrorCode() != 0 || sql.getCause() == null)) {
                return of(sql);
            }
        }
        return new MySqlFailure(FailureClass.OUTAGE, 0, null, null);
    }

    /** Whether the statement alone may have failed, the connection being as before. */
    public boolean mayBeOfTheStatement() {
        return failureClass == FailureClass.REFUSAL || failureClass == FailureClass.UNKNOWN;
    }

    /** For the log: the server's error number, where it gave one. */
    public String inWords() {
        return code == 0 ? "no answer of MySQL, or none with an error number" : "MySQL error " + code;
    }

    /** Whether the driver failed, and the server has not said why: most often it does not answer. */
    public static boolean isSilence(Throwable failure) {
        boolean ofDriver =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(SQLException.class::isInstance);
        return ofDriver && of(failure).code() == 0;
    }

    /** Why there is no encrypted connection, where that is it: a certificate, most often, and what is wrong with it. */
    public static Optional<String> ofEncryption(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(SSLException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst();
    }

    private static MySqlFailure of(SQLException failure) {
        int code = failure.getErrorCode();
        if (CONTENTION.contains(code)) {
            return new MySqlFailure(FailureClass.CONTENTION, code, null, null);
        }
        return reason(code, failure.getSQLState())
                .map(reason -> new MySqlFailure(FailureClass.REFUSAL, code, reason, detail(failure)))
                .orElseGet(() -> new MySqlFailure(
                        isOutage(code, failure.getSQLState()) ? FailureClass.OUTAGE : FailureClass.UNKNOWN,
                        code,
                        null,
                        null));
    }

    private static boolean isOutage(int code, @Nullable String sqlState) {
        return code == 0
                || OUTAGE.contains(code)
                || sqlState == null
                || STATE_OF_OUTAGE.matcher(sqlState).matches();
    }

    private static Optional<Reason> reason(int code, @Nullable String sqlState) {
        return switch (code) {
            case 1062, 1169, 1586 -> Optional.of(Reason.DUPLICATE_KEY);
            case 1216, 1452 -> Optional.of(Reason.MISSING_PARENT);
            case 1217, 1451 -> Optional.of(Reason.HAS_CHILDREN);
            case 1406 -> Optional.of(Reason.TOO_LONG);
            case 1264, 1690 -> Optional.of(Reason.OUT_OF_RANGE);
            case 1051, 1146 -> Optional.of(Reason.UNKNOWN_TABLE);
            // 1364: the table has a column that the site does not know yet
            case 1054, 1364 -> Optional.of(Reason.UNKNOWN_COLUMN);
            // about the data, though their SQLSTATE does not say so
            case 1265, 1300, 1366, 1411, 1525, 1526, 3105, 3643, 3819, 3854, 3988 -> Optional.of(Reason.INVALID_VALUE);
            // text that the column's character set has not, a value that an index over an expression cannot hold
            case 1235, 1267, 1270, 1271, 3751, 3752, 3905, 3906 -> Optional.of(Reason.INVALID_VALUE);
            default -> ofState(sqlState);
        };
    }

    /** 22: data exception, 23: integrity constraint, 45: SIGNAL of somebody's trigger. */
    private static Optional<Reason> ofState(@Nullable String sqlState) {
        boolean aboutTheData = sqlState != null
                && (sqlState.startsWith("22") || sqlState.startsWith("23") || sqlState.startsWith("45"));
        return aboutTheData ? Optional.of(Reason.INVALID_VALUE) : Optional.empty();
    }

    private static @Nullable String detail(SQLException failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return switch (failure.getErrorCode()) {
            case 1062, 1169, 1586 -> first(KEY, message);
            case 1264, 1265, 1292, 1366, 1406 -> first(COLUMN, message);
            case 1048, 1054, 1364, 3819 -> first(FIRST_NAME, message);
            case 1216, 1217, 1451, 1452 -> foreignKey(message);
            default -> null;
        };
    }

    private static @Nullable String first(Pattern pattern, String message) {
        var matcher = pattern.matcher(message);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static @Nullable String foreignKey(String message) {
        var matcher = FOREIGN_KEY.matcher(message);
        return matcher.find() ? matcher.group(1) + "." + matcher.group(2).replace("`", "") : null;
    }
}

package dev.outboxsync.endtoend;

import java.util.Random;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes at random to tables whose foreign keys cascade; each site to keys of its own. */
final class LibraryWriter {
    private LibraryWriter() {}

    /** What the database does not take is not written, and so is no change. */
    static void writeAtRandom(JdbcClient sql, String site, long base, int count) {
        var random = new Random(7 + base);
        for (int i = 0; i < count; i++) {
            try {
                sql.sql(randomStatement(random, site, base)).update();
            } catch (DataAccessException refused) {
                // a missing parent, a taken label
            }
        }
    }

    private static String randomStatement(Random random, String site, long base) {
        String author = "'" + site + random.nextInt(12) + "'";
        long shelf = base + random.nextInt(8);
        long book = base + random.nextInt(60);
        return switch (random.nextInt(16)) {
            case 0, 1 -> "INSERT INTO authors VALUES (" + author + ", 'n" + random.nextInt() + "')";
            case 2 -> "DELETE FROM authors WHERE code = " + author;
            case 3 -> "UPDATE authors SET code = '" + site + random.nextInt(12) + "' WHERE code = " + author;
            case 4 -> "INSERT INTO shelves VALUES (" + shelf + ", '" + site + random.nextInt(9) + "')";
            case 5 -> "DELETE FROM shelves WHERE id = " + shelf;
            case 6, 7, 8 -> "INSERT INTO books VALUES (" + book + ", " + author + ", NULL, 't')";
            case 9 -> "UPDATE books SET shelf = " + shelf + " WHERE id = " + book;
            case 10 -> "UPDATE books SET title = CONCAT(title, '!') WHERE author = " + author;
            case 11 -> "REPLACE INTO books VALUES (" + book + ", " + author + ", NULL, 'again')";
            case 12, 13 ->
                "INSERT INTO loans VALUES (" + book + ", '2026-11-0" + (1 + random.nextInt(9)) + "', '😀" + site + "')"
                        + " ON DUPLICATE KEY UPDATE who = CONCAT(who, 'x')";
            case 14 -> "DELETE FROM books WHERE id = " + book;
            default -> "UPDATE loans SET day = day + INTERVAL 1 DAY WHERE book = " + book + " ORDER BY day DESC";
        };
    }
}

package dev.outboxsync.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTest {
    @ParameterizedTest
    @CsvSource({
        "2, 12, true",
        "2, 12.34, true",
        "2, 12.3400, true",
        "2, 12.345, false",
        "2, -0.001, false",
        "2, 1e400, true",
        "2, 1e-3, false",
        "2, 1.5E1, true",
        "2, NaN, true",
        "2, '1.0.001', true",
        "0, 7, true",
        "0, 7.0, true",
        "0, 1.6, false",
        "6, 2026-11-23T06:00:00.120000, true",
        "3, 2026-11-23T06:00:00.120000Z, true",
        "0, 2026-11-23T06:00:00.000000, true",
        "0, 2026-11-23T06:00:00.120000, false",
        "1, -838:59:59.25, false",
        "2147483647, 1.23456789, true"
    })
    void a_column_keeps_a_value_whole_or_would_round_it(int decimals, String text, boolean whole) {
        var column = new Column("c", ColumnForm.PRINTED, false, 30, decimals, "");

        assertThat(column.keepsWhole(text)).isEqualTo(whole);
    }
}

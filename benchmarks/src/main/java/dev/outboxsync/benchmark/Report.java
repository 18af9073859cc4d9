package dev.outboxsync.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The figures of one run, for people and as one JSON object. */
final class Report {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** A setting, a text or a count. */
    void add(String name, Object value) {
        fields.put(name, value);
    }

    void add(String name, double value, int decimals) {
        fields.put(name, rounded(value, decimals));
    }

    /** The median under its name, and the range beside it. */
    void add(String name, Figure figure, int decimals) {
        fields.put(name, rounded(figure.median(), decimals));
        fields.put(name + "_range", List.of(rounded(figure.least(), decimals), rounded(figure.most(), decimals)));
    }

    /** A figure each of several parts. */
    void add(String name, Map<String, Double> values, int decimals) {
        var each = new LinkedHashMap<String, Double>();
        values.forEach((part, value) -> each.put(part, rounded(value, decimals)));
        fields.put(name, each);
    }

    private static double rounded(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }

    String json() {
        return JsonMapper.builder().build().writeValueAsString(fields);
    }

    String table() {
        var lines = new StringBuilder();
        fields.forEach((name, value) -> lines.append(String.format(Locale.ROOT, "%-32s %s%n", name, value)));
        return lines.toString();
    }
}

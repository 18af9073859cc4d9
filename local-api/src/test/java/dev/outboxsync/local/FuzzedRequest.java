package dev.outboxsync.local;

import dev.outboxsync.steering.document.ApiDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A request as the document has it, with values that fit its schemas, and then, mostly, with something wrong somewhere: in a
 * value, a field, the text of the body, the address, a header, or an octet anywhere.
 */
final class FuzzedRequest {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1",
            "1.5",
            "-0.0",
            "1e2",
            "1e400",
            "1e-400",
            "9223372036854775807",
            "9223372036854775808",
            "12345678901234567890.123",
            "[]",
            "{}",
            "[null]",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"1\"",
            "\"a@b\"",
            "\"a@b@c\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"' OR 1=1 --\"",
            "\"\\\\\"",
            "\"%s%n\"",
            "\"${jndi:ldap://x}\"",
            "\"\\r\\nX: y\"",
            "\"\\u202e\\u200b\"",
            "NaN",
            "nonsense",
            "[[[[[[]]]]]]",
            "{\"a\":{\"b\":1}}",
            "\"" + "x".repeat(300) + "\"",
            "9".repeat(600));
    private static final List<String> TEXTS = List.of(
            "",
            "0",
            "1",
            "2",
            "-1",
            "01",
            "+1",
            "1.0",
            "1e3",
            "0x1",
            "%31",
            "9223372036854775807",
            "9223372036854775808",
            "abc",
            "%27%20OR%20%271%27=%271",
            "%00",
            "%0d%0aX:%20y",
            "%F0%9F%98%80",
            "%ff",
            "%zz",
            "%",
            "..",
            "%2e%2e",
            "a/b",
            "a%2fb",
            "..;/",
            ";x=1",
            "PENDING",
            "FAILED",
            "pending",
            "*",
            "\u00e9",
            "<a>",
            "{}",
            "|",
            "\\",
            "a#b");
    private static final List<String> HEADER_VALUES = List.of(
            "",
            " ",
            "\"\"",
            "*",
            "\"a\"",
            "W/\"a\"",
            "a,b",
            "\"a",
            "nonsense",
            "application/json",
            "text/html",
            "application/xml",
            "application/json;charset=UTF-16",
            "application/json; charset=utf-8",
            "a/b/c",
            "gzip",
            "chunked",
            "identity",
            "\u0000",
            "\u00ff\u00fe",
            "x".repeat(300),
            "x".repeat(9000),
            "0",
            "-1",
            "1e9",
            "100-continue",
            "close",
            "Bearer",
            "Basic eDp5",
            "null",
            "https://evil.example",
            "../..");
    private static final List<String> HEADERS = List.of(
            "Content-Type",
            "Accept",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Authorization",
            "Content-Encoding",
            "Transfer-Encoding",
            "Expect",
            "Host",
            "Origin",
            "Range",
            "X-HTTP-Method-Override",
            "X-Forwarded-Host",
            "X-Forwarded-For",
            "Forwarded",
            "Upgrade",
            "Cookie",
            "traceparent",
            "Accept-Language",
            "Accept-Charset",
            "Content-Length",
            "Trailer",
            "Connection",
            "TE");
    private static final List<String> METHODS = List.of(
            "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X");
    private static final List<String> OCTETS = List.of(
            "\u0000",
            "\u00ff",
            "\u00c0\u00af",
            "\u00ef\u00bb\u00bf",
            "\r",
            "\n",
            "\t",
            " ",
            "\"",
            "{",
            "}",
            "[",
            ":",
            ",",
            "\\",
            "%",
            "0",
            "\u007f",
            "/",
            ";");

    private final ApiDocument document;
    private final Random random;
    private String method;
    private String path;
    private String query;
    private final List<String> headers = new ArrayList<>();
    private String body;

    /** @param route as {@code PUT /users/{id}} */
    FuzzedRequest(ApiDocument document, String route, Random random) {
        this.document = document;
        this.random = random;
        String[] part = route.split(" ", -1);
        JsonNode operation = document.operation(part[0], part[1]);
        method = part[0];
        path = part[1].replace("{id}", Integer.toString(1 + random.nextInt(30))).replace("{probe}", "readiness");
        query = parameters(operation, "query", 3).stream()
                .map(pair -> String.join("=", pair))
                .collect(Collectors.joining("&"));
        body = operation.has("requestBody") ? value(operation.at("/requestBody/content/application~1json/schema")) : "";
        headers.add("Host: 127.0.0.1");
        if (!body.isEmpty()) {
            headers.add("Content-Type: application/json");
        }
        parameters(operation, "header", 3).forEach(pair -> headers.add(String.join(": ", pair)));
        if (operation.has("security") && part[1].equals("/sync/retry") && random.nextInt(4) > 0) {
            headers.add("Authorization: Bearer " + RunningApi.TOKEN);
        }
    }

    /** Makes something wrong; what, the seed knows. */
    FuzzedRequest broken() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> body = body.isEmpty() ? any(VALUES) : brokenFields();
            case 3 -> body = brokenText(body);
            case 4 -> path = path.substring(0, path.lastIndexOf('/') + 1) + any(TEXTS);
            case 5 -> path = brokenText(path).replaceAll("[ \r\n]", "+");
            case 6 ->
                query = (query.isEmpty() ? "" : query + "&") + any(List.of("limit", "after", "x", "status")) + "="
                        + any(TEXTS);
            case 7, 8 -> headers.add(any(HEADERS) + ": " + any(HEADER_VALUES));
            case 9 -> headers.remove(headers.isEmpty() ? "" : any(headers));
            case 10 -> method = any(METHODS);
            default -> headers.replaceAll(header -> random.nextInt(3) == 0 ? brokenText(header) : header);
        }
        return this;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    boolean has(String header) {
        return headers.stream().anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(header + ":"));
    }

    byte[] octets() {
        byte[] content = body.getBytes(StandardCharsets.ISO_8859_1);
        String length = content.length == 0 ? "" : "Content-Length: " + content.length + "\r\n";
        String head = method + " " + path + (query.isEmpty() ? "" : "?" + query) + " HTTP/1.1\r\n"
                + String.join("\r\n", headers) + "\r\nConnection: close\r\n" + length + "\r\n";
        return (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<List<String>> parameters(JsonNode operation, String place, int oneOf) {
        return operation
                .path("parameters")
                .valueStream()
                .map(document::resolved)
                .filter(parameter -> parameter.get("in").asString().equals(place) && random.nextInt(oneOf) == 0)
                .map(parameter -> List.of(parameter.get("name").asString(), fitting(parameter)))
                .toList();
    }

    private String fitting(JsonNode parameter) {
        if (parameter.get("name").asString().equals("Idempotency-Key")) {
            return "key-" + random.nextInt(50);
        }
        if (parameter.get("name").asString().equals("If-Match")) {
            return any(List.of("*", "\"00000000000000000000000000000000\"", "\"a\", \"b\""));
        }
        return value(parameter.get("schema")).replace("\"", "");
    }

    /** A value that fits a schema, as the octets of its JSON, one to a char. */
    private String value(JsonNode reference) {
        JsonNode schema = document.resolved(reference);
        if (schema.has("enum")) {
            return schema.get("enum")
                    .get(random.nextInt(schema.get("enum").size()))
                    .toString();
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.get(0).asString() : type.asString("")) {
            case "object" -> object(schema);
            case "array" -> "[" + value(schema.get("items")) + "]";
            case "integer" -> Integer.toString(1 + random.nextInt(30));
            case "number" -> random.nextInt(1000) + (random.nextBoolean() ? "" : "." + random.nextInt(100));
            case "boolean" -> Boolean.toString(random.nextBoolean());
            default -> text(schema);
        };
    }

    private String object(JsonNode schema) {
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        return schema.get("properties")
                .propertyStream()
                .filter(property -> required.contains(property.getKey()) || random.nextBoolean())
                .map(property -> "\"" + property.getKey() + "\":" + value(property.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String text(JsonNode schema) {
        String pattern = schema.path("pattern").asString("");
        if (pattern.contains("@")) {
            return "\"user" + random.nextInt(30) + "@example.org\"";
        }
        String word = any(List.of("Ann", "PAID", "x", "a-b_c", "Z0"));
        boolean free = pattern.isEmpty() && schema.has("maxLength") && random.nextBoolean();
        String text = free ? word + any(List.of(" \u00e9", "\ud83d\ude00", " O\u2019Hara", "\\n", "\\\"")) : word;
        return new String(("\"" + text + "\"").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** One member of the object taken away, doubled, renamed, or given another value. */
    private String brokenFields() {
        List<String> members =
                new ArrayList<>(List.of(body.replaceAll("^\\{|}$", "").split(",(?=\")", -1)));
        int which = random.nextInt(members.size());
        String member = members.get(which);
        String name = member.replaceAll(":.*", "");
        switch (random.nextInt(6)) {
            case 0 -> members.remove(which);
            case 1 -> members.add(member);
            case 2 -> members.set(which, "\"x" + member);
            case 3 -> members.add(any(List.of("\"id\"", "\"x\"", "\"sync\"", "\"updated_at\"")) + ":" + any(VALUES));
            default -> members.set(which, name + ":" + any(VALUES));
        }
        return "{" + String.join(",", members) + "}";
    }

    private String brokenText(String text) {
        int place = random.nextInt(text.length() + 1);
        String head = text.substring(0, place);
        String tail = text.substring(place);
        return switch (random.nextInt(5)) {
            case 0 -> head;
            case 1 -> head + any(OCTETS) + tail;
            case 2 -> head + any(OCTETS) + (tail.isEmpty() ? "" : tail.substring(1));
            case 3 -> text + any(VALUES);
            default -> head + any(OCTETS).repeat(random.nextInt(40)) + tail;
        };
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

package dev.outboxsync.steering.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document that a service serves, and whether its answers are what it says. Safe for use by many threads. */
public final class ApiDocument {
    /** What stands for a header that an answer does not have. */
    public static final String MISSING = "missing";

    private static final Map<String, ApiDocument> KNOWN = new ConcurrentHashMap<>();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final List<String> PAGE = List.of("/v3/", "/swagger-ui");

    private final JsonNode root;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private ApiDocument(JsonNode root) {
        this.root = root;
    }

    /**
     * Asked for once, for it is the same as long as the tests run.
     *
     * @param service its name
     * @param address where it runs now, e.g. {@code http://127.0.0.1:8080}
     */
    public static ApiDocument of(String service, String address) {
        return KNOWN.computeIfAbsent(service, name -> new ApiDocument(fetched(address + "/v3/api-docs")));
    }

    public JsonNode root() {
        return root;
    }

    /** Everything that is documented, as {@code GET /users/{id}}. */
    public Set<String> routes() {
        return root.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue().propertyNames().stream()
                        .filter(METHODS::contains)
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toSet());
    }

    /** The operation at this place of the document. */
    public JsonNode operation(String method, String path) {
        return root.get("paths").get(path).get(method.toLowerCase(Locale.ROOT));
    }

    /** A part of the document that another part refers to, or that part itself. */
    public JsonNode resolved(JsonNode part) {
        return part.has("$ref") ? root.at(part.get("$ref").asString().substring(1)) : part;
    }

    /** Fails where the document has no such answer to this request: its status, headers, type and body. */
    public void demandDocumented(HttpResponse<String> answer) {
        var given = new Given(
                answer.request().method(),
                answer.request().uri().getRawPath(),
                answer.statusCode(),
                name -> answer.headers().firstValue(name).orElse(MISSING),
                answer.body());
        demandDocumented(given);
    }

    /** As above, for a client that is none of Java's. What has no body of its own (HEAD, OPTIONS) is not looked at. */
    public void demandDocumented(Given answer) {
        boolean hasOne = METHODS.contains(answer.method.toLowerCase(Locale.ROOT))
                || (answer.status >= 400 && !answer.method.equals("HEAD"));
        if (hasOne && PAGE.stream().noneMatch(answer.path::startsWith)) {
            JsonNode documented = documented(answer);
            demandHeaders(documented, answer);
            demandGuarded(answer);
            demandBody(documented, answer);
        }
    }

    /**
     * An answer, and what was asked.
     *
     * @param path without parameters
     * @param header the value of the header of this name, or {@link #MISSING}
     */
    public record Given(String method, String path, int status, UnaryOperator<String> header, String body) {
        @Override
        public String toString() {
            return method + " " + path + " -> " + status + " " + body;
        }
    }

    private JsonNode documented(Given answer) {
        JsonNode responses = operationFor(answer.method, answer.path)
                .map(operation -> operation.get("responses"))
                .orElse(JsonNodeFactory.instance.objectNode());
        String code = Integer.toString(answer.status);
        return resolved(responses.has(code) ? responses.get(code) : root.at("/components/responses/Problem"));
    }

    private void demandHeaders(JsonNode documented, Given answer) {
        documented.path("headers").forEachEntry((name, reference) -> {
            String value = answer.header.apply(name);
            String pattern = resolved(reference).at("/schema/pattern").asString(".+");
            assertThat(value).as("%s, header %s", answer, name).isNotEqualTo(MISSING);
            assertThat(value).as("%s, header %s", answer, name).matches(pattern);
        });
    }

    /** What no answer of ours lacks, and so is not written at each in the document. */
    private static void demandGuarded(Given answer) {
        assertThat(answer.header.apply("X-Content-Type-Options"))
                .as("%s", answer)
                .isEqualTo("nosniff");
        assertThat(answer.header.apply("Cache-Control")).as("%s", answer).isEqualTo("no-store");
        assertThat(answer.header.apply("Content-Security-Policy"))
                .as("%s", answer)
                .startsWith("default-src 'none';");
    }

    private void demandBody(JsonNode documented, Given answer) {
        String type = answer.header.apply("Content-Type").replaceAll(";.*", "");
        JsonNode content = documented.path("content");
        assertThat(content.propertyNames()).as("%s", answer).contains(type);
        if (type.endsWith("json")) {
            assertThat(schema(content.get(type).get("schema")).validate(answer.body, InputFormat.JSON))
                    .as("%s", answer)
                    .isEmpty();
        }
    }

    private Optional<JsonNode> operationFor(String method, String path) {
        return root.get("paths")
                .propertyStream()
                .filter(template -> path.matches(template.getKey().replaceAll("\\{\\w+}", "[^/]+")))
                .map(template -> template.getValue().path(method.toLowerCase(Locale.ROOT)))
                .filter(operation -> !operation.isMissingNode())
                .findFirst();
    }

    private Schema schema(JsonNode schema) {
        return schemas.computeIfAbsent(schema.toString(), text -> {
            ObjectNode whole = schema.deepCopy().asObject();
            whole.set("components", root.get("components"));
            return SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(whole);
        });
    }

    private static JsonNode fetched(String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return new JsonMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

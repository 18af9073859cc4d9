package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The document and the service know the same routes; {@link RunningApi} holds each answer of each test to it. */
class OpenApiTest {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void no_route_is_outside_the_document_and_none_of_it_is_missing() {
        assertThat(api.routes()).isEqualTo(api.document().routes());
    }

    @Test
    void head_and_options_tell_and_do_nothing() {
        for (String path : api.document().root().get("paths").propertyNames()) {
            String address = path.replace("{id}", "1").replace("{probe}", "readiness");
            boolean shown = api.document().routes().contains("GET " + path);

            Answer head = api.send(api.request("HEAD", address));
            Answer options = api.send(api.request("OPTIONS", address));

            assertThat(head.status())
                    .as(path)
                    .isEqualTo(shown ? api.get(address).status() : 405);
            assertThat(head.body()).isEmpty();
            assertThat(options.status()).as(path).isIn(200, 405);
            assertThat(options.header("Allow")).as(path).isNotEmpty();
        }
    }

    @Test
    void the_document_is_served_as_it_was_written() {
        JsonNode written = new YAMLMapper().readTree(OpenApiTest.class.getResourceAsStream("/openapi.yml"));
        JsonNode served = api.document().root();

        assertThat(served.get("openapi").asString()).startsWith("3.1");
        written.get("paths")
                .forEachEntry(
                        (path, item) -> assertThat(sorted(served.get("paths").get(path)))
                                .as(path)
                                .isEqualTo(sorted(item)));
        written.at("/components/schemas")
                .forEachEntry((name, schema) -> assertThat(
                                sorted(served.at("/components/schemas").get(name)))
                        .as(name)
                        .isEqualTo(sorted(schema)));
        assertThat(served.at("/components/schemas/UserAnswer").isMissingNode()).isTrue();
    }

    @Test
    void every_request_with_a_body_has_an_example_and_those_of_records_are_taken() {
        for (String route : api.document().routes()) {
            String[] part = route.split(" ", -1);
            JsonNode operation = api.document().operation(part[0], part[1]);
            assertThat(operation.has("requestBody") && example(operation).isMissingNode())
                    .as(route)
                    .isFalse();
        }
        Answer made = api.post("/users", exampleOf("/users"));
        assertThat(made.status()).isEqualTo(201);
        String order = exampleOf("/orders")
                .replace("\"user_id\":1", "\"user_id\":" + made.json().get("id"));
        assertThat(api.post("/orders", order).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/swagger-ui/index.html",
                "/swagger-ui/swagger-initializer.js",
                "/swagger-ui/swagger-ui-bundle.js",
                "/swagger-ui/swagger-ui-standalone-preset.js",
                "/swagger-ui/swagger-ui.css",
                "/swagger-ui/index.css",
                "/swagger-ui/favicon-32x32.png"
            })
    void the_page_has_all_it_needs_from_here(String file) {
        assertThat(api.get(file).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/swagger-ui.html", "/swagger-ui/index.html", "/swagger-ui/swagger-ui-bundle.js"})
    void the_page_loads_and_asks_nothing_from_elsewhere_and_stands_in_no_frame(String file) {
        Answer answer = api.get(file);

        assertThat(answer.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self';")
                .contains("connect-src 'self';", "frame-ancestors 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void the_page_shows_this_document_and_asks_nobody_else() {
        assertThat(api.get("/swagger-ui.html").header("Location")).endsWith("/swagger-ui/index.html");
        assertThat(List.of("/swagger-ui/index.html", "/swagger-ui/swagger-initializer.js"))
                .allSatisfy(file -> assertThat(api.get(file).body()).doesNotContain("https://", "http://"));
        JsonNode settings = api.get("/v3/api-docs/swagger-config").json();
        assertThat(settings.get("url").asString()).isEqualTo("/v3/api-docs");
        assertThat(settings.get("validatorUrl").asString()).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/webjars/swagger-ui/index.html",
                "/webjars/swagger-ui/5.32.14/index.html",
                "/openapi.yml",
                "/application.yml",
                "/v3/api-docs/users",
                "/swagger-ui/../application.yml",
                "/swagger-ui/..%2fapplication.yml",
                "/swagger-ui/%2e%2e/application.yml",
                "/swagger-ui/"
            })
    void no_other_file_is_an_address(String path) {
        assertThat(api.get(path).status()).isIn(400, 404);
    }

    private static String exampleOf(String path) {
        return example(api.document().operation("POST", path)).toString();
    }

    private static JsonNode example(JsonNode operation) {
        return operation.at("/requestBody/content/application~1json/example");
    }

    /** Numbers by value and members by name: that is all that a rewriting may change. */
    private static String sorted(JsonNode node) {
        if (node.isObject()) {
            return node.propertyStream()
                    .map(entry -> entry.getKey() + ":" + sorted(entry.getValue()))
                    .sorted()
                    .toList()
                    .toString();
        }
        return node.isArray()
                ? node.valueStream().map(OpenApiTest::sorted).sorted().toList().toString()
                : node.isNumber() ? node.decimalValue().stripTrailingZeros().toPlainString() : node.asString();
    }
}

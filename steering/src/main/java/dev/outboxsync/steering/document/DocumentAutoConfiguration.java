package dev.outboxsync.steering.document;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;

/**
 * Serves a service's {@code openapi.yml} at {@code /v3/api-docs}, with what all services have in common. It is written by
 * people: what springdoc finds out by itself knows no limits, refusals or headers. Tests hold the mapped routes and the
 * answers to it.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnResource(resources = DocumentAutoConfiguration.OF_THE_SERVICE)
class DocumentAutoConfiguration {
    static final String OF_THE_SERVICE = "openapi.yml";

    private static final String OF_ALL = "openapi-of-all.yml";

    @Bean
    GlobalOpenApiCustomizer writtenDocument() {
        OpenAPI written = read(OF_THE_SERVICE);
        complete(written, read(OF_ALL));
        return found -> found.info(written.getInfo())
                .servers(written.getServers())
                .paths(written.getPaths())
                .components(written.getComponents())
                .tags(written.getTags());
    }

    private static void complete(OpenAPI written, OpenAPI ofAll) {
        ofAll.getPaths().forEach(written.getPaths()::addPathItem);
        Components components = written.getComponents();
        ofAll.getComponents().getSchemas().forEach(components::addSchemas);
        ofAll.getComponents().getResponses().forEach(components::addResponses);
        ofAll.getComponents().getSecuritySchemes().forEach(components::addSecuritySchemes);
    }

    /** With Swagger's own mapper, which is Jackson 2 and goes no further than this method. */
    private static OpenAPI read(String name) {
        try (InputStream document = new ClassPathResource(name).getInputStream()) {
            return Yaml31.mapper().readValue(document, OpenAPI.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

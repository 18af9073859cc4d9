package dev.outboxsync.steering.problem;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** What Tomcat refuses before any filter sees it (a bad request line, TRACE), in place of its HTML page. */
public final class TomcatProblems extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(TomcatProblems.class);
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .build();

    static void reportFor(Context context) {
        if (context.getParent() instanceof StandardHost host) {
            host.setErrorReportValveClass(TomcatProblems.class.getName());
        }
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() < HttpStatus.BAD_REQUEST.value()
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        ProblemDetail problem = Problems.body(Problems.status(response.getStatus()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", String.valueOf(problem.getTitle()));
        body.put("status", problem.getStatus());
        body.put("detail", String.valueOf(problem.getDetail()));
        body.put("instance", Objects.requireNonNullElse(request.getRequestURI(), "/"));
        body.put(Problems.ERRORS, List.of());
        AnswerHeaders.give(request, response);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getReporter().write(JSON.writeValueAsString(body));
            response.finishResponse();
        } catch (IOException | IllegalStateException clientIsGone) {
            LOG.debug("A refusal could not be sent", clientIsGone);
        }
    }
}

package dev.outboxsync.local.relay;

import dev.outboxsync.steering.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;

/** The relay's endpoints for clients that reach this service only. It is the relay that asks for the token. */
@RestController
class RelayController {
    private static final Logger LOG = LoggerFactory.getLogger(RelayController.class);
    private static final String[] HANDED_BACK = {
        HttpHeaders.CONTENT_TYPE, HttpHeaders.WWW_AUTHENTICATE, HttpHeaders.RETRY_AFTER
    };

    private final Relay relay;

    RelayController(Relay relay) {
        this.relay = relay;
    }

    @GetMapping("/relay")
    ResponseEntity<byte[]> show(@RequestHeader HttpHeaders headers) {
        return passed(relay::pass, HttpMethod.GET, "/relay", headers, null);
    }

    @PutMapping("/relay/online")
    ResponseEntity<byte[]> turn(
            @RequestHeader HttpHeaders headers, @RequestBody(required = false) byte @Nullable [] body) {
        return passed(relay::passPatiently, HttpMethod.PUT, "/relay/online", headers, body);
    }

    @PostMapping("/relay/run")
    ResponseEntity<byte[]> run(
            @RequestHeader HttpHeaders headers, @RequestBody(required = false) byte @Nullable [] body) {
        return passed(relay::passPatiently, HttpMethod.POST, "/relay/run", headers, body);
    }

    /** A way to pass a request on. */
    private interface Pass {
        ResponseEntity<byte[]> pass(HttpMethod method, String path, HttpHeaders headers, byte @Nullable [] body);
    }

    private static ResponseEntity<byte[]> passed(
            Pass on, HttpMethod method, String path, HttpHeaders headers, byte @Nullable [] body) {
        try {
            ResponseEntity<byte[]> answer = on.pass(method, path, headers, body);
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(handedBack(answer.getHeaders()))
                    .body(answer.getBody());
        } catch (RestClientException away) {
            LOG.warn(
                    "The relay did not answer {} {}: {}",
                    method,
                    path,
                    away.getMostSpecificCause().toString());
            throw away();
        }
    }

    private static HttpHeaders handedBack(HttpHeaders answer) {
        var headers = new HttpHeaders();
        for (String name : HANDED_BACK) {
            String value = answer.getFirst(name);
            if (value != null) {
                headers.set(name, value);
            }
        }
        return headers;
    }

    private static ErrorResponseException away() {
        ErrorResponseException problem = Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The relay does not answer. Changes are captured all the same, and sent when it is back.");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }
}

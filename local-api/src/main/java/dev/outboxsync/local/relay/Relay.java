package dev.outboxsync.local.relay;

import dev.outboxsync.local.LocalApiProperties;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** The relay of this site, at {@code RELAY_URL}. Safe for use by many threads. */
@Component
public class Relay {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final String[] PASSED_ON = {HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE};

    private static final int MOST_WAITING = 8;

    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final RestClient patient;
    private final RestClient hasty;

    Relay(LocalApiProperties properties) {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
        String address = properties.relayUrl().toString().replaceFirst("/+$", "");
        this.patient = client(http, address, properties.relayRunTimeout());
        this.hasty = client(http, address, properties.relayLookTimeout());
    }

    /** The relay's switch; null when it cannot be asked now. */
    public @Nullable Boolean online() {
        try {
            Switch answer = hasty.get().uri("/relay").retrieve().body(Switch.class);
            return answer == null ? null : answer.online();
        } catch (RestClientException relayIsAway) {
            return null;
        }
    }

    /**
     * Sends a request as a client sent it, and returns what the relay answers at once, refusals too. A relay that hangs
     * holds none of our threads for long.
     *
     * @throws RestClientException when the relay does not answer
     */
    ResponseEntity<byte[]> pass(HttpMethod method, String path, HttpHeaders headers, byte @Nullable [] body) {
        return pass(hasty, method, path, headers, body);
    }

    /**
     * As {@link #pass}, for what takes the relay its time: of a few at once.
     *
     * @throws RestClientException when the relay does not answer, or as many wait for it already
     */
    ResponseEntity<byte[]> passPatiently(HttpMethod method, String path, HttpHeaders headers, byte @Nullable [] body) {
        if (!waiting.tryAcquire()) {
            throw new ResourceAccessException(MOST_WAITING + " requests wait for it already");
        }
        try {
            return pass(patient, method, path, headers, body);
        } finally {
            waiting.release();
        }
    }

    private static ResponseEntity<byte[]> pass(
            RestClient client, HttpMethod method, String path, HttpHeaders headers, byte @Nullable [] body) {
        var request = client.method(method).uri(path).headers(sent -> passOn(headers, sent));
        if (body != null) {
            request.body(body);
        }
        return request.retrieve().onStatus(status -> true, (sent, answer) -> {}).toEntity(byte[].class);
    }

    private static void passOn(HttpHeaders from, HttpHeaders to) {
        for (String name : PASSED_ON) {
            String value = from.getFirst(name);
            if (value != null) {
                to.set(name, value);
            }
        }
    }

    private static RestClient client(HttpClient http, String address, Duration timeout) {
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(timeout);
        return RestClient.builder().baseUrl(address).requestFactory(requests).build();
    }

    /** The part of the relay's answer that the status shows. */
    private record Switch(@Nullable Boolean online) {}
}

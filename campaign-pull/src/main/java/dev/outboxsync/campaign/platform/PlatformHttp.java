package dev.outboxsync.campaign.platform;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Single requests, each within its time-outs, to this platform and no other host: redirects are not followed, and bodies are
 * read up to a bound.
 */
final class PlatformHttp {
    static {
        // The JDK's client repeats a GET by itself when the server hangs up. Such a call would not be counted.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    }

    private static final String CLIENT_ID = "x-client-id";

    private final PlatformSettings settings;
    private final RestClient http;
    private final int largest;

    PlatformHttp(PlatformSettings settings) {
        this.settings = settings;
        this.largest = Math.toIntExact(settings.largestAnswer().toBytes());
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        var factory = new JdkClientHttpRequestFactory(client);
        factory.setReadTimeout(settings.readTimeout());
        this.http = RestClient.builder()
                .requestFactory(factory)
                .baseUrl(settings.url().toString())
                .build();
    }

    Answer token() {
        return answer(http.post()
                .uri("/auth/token")
                .headers(
                        headers -> headers.setBasicAuth(settings.user(), settings.password(), StandardCharsets.UTF_8)));
    }

    Answer list(String token, int page) {
        return answer(http.get()
                .uri("/api/campaigns?page={page}&limit={limit}", page, settings.pageSize())
                .headers(headers -> identify(headers, token)));
    }

    Answer sync(String token, String id) {
        return answer(http.post().uri("/api/campaigns/{id}/sync", id).headers(headers -> identify(headers, token)));
    }

    private void identify(HttpHeaders headers, String token) {
        headers.setBearerAuth(token);
        headers.set(CLIENT_ID, settings.clientId());
    }

    private Answer answer(RestClient.RequestHeadersSpec<?> request) {
        long begun = System.nanoTime();
        try {
            return request.exchangeForRequiredValue((sent, response) ->
                    new Answer(response.getStatusCode().value(), response.getHeaders(), body(response)));
        } catch (ResourceAccessException failure) {
            boolean late = System.nanoTime() - begun >= settings.readTimeout().toNanos();
            throw new PlatformFailure(PlatformFailure.Kind.UNAVAILABLE, reason(failure.getCause(), late), failure);
        } catch (NumberFormatException badLength) {
            // which the JDK's client throws as it reads Content-Length
            throw PlatformFailure.badAnswer("its Content-Length is no number");
        }
    }

    /** @param late a body that stops ends with the connection, not with a time-out by name */
    private static String reason(@Nullable Throwable cause, boolean late) {
        if (late || cause instanceof HttpTimeoutException) {
            return "TIMED_OUT";
        }
        return cause instanceof SSLException ? "TLS_FAILED" : "CONNECTION_FAILED";
    }

    private byte[] body(ClientHttpResponse response) throws IOException {
        try (InputStream stream = response.getBody()) {
            byte[] body = stream.readNBytes(largest + 1);
            if (body.length > largest) {
                throw PlatformFailure.badAnswer("it is larger than " + largest + " bytes");
            }
            return body;
        }
    }
}

package dev.outboxsync.campaign.platform;

import org.springframework.http.HttpHeaders;

/** What came back, its body read to the end. */
record Answer(int status, HttpHeaders headers, byte[] body) {
    static final int UNAUTHORIZED = 401;
    static final int TOO_MANY_REQUESTS = 429;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERRORS = 500;

    /** The body of a 2xx; every other status is a failure of its kind. */
    byte[] content() {
        if (status / 100 == 2) {
            return body;
        }
        if (status == TOO_MANY_REQUESTS) {
            throw new PlatformFailure(PlatformFailure.Kind.LIMITED, "RATE_LIMITED 429");
        }
        if (status == UNAUTHORIZED) {
            throw new PlatformFailure(PlatformFailure.Kind.CREDENTIALS, "CREDENTIALS_REFUSED 401");
        }
        if (isFault()) {
            throw new PlatformFailure(PlatformFailure.Kind.UNAVAILABLE, "SERVER_ERROR " + status);
        }
        String name = status / 100 == 3 ? "REDIRECT_NOT_FOLLOWED " : "REFUSED ";
        throw new PlatformFailure(PlatformFailure.Kind.REFUSED, name + status);
    }

    /** Whether the platform itself failed. */
    boolean isFault() {
        return status >= SERVER_ERRORS || status == REQUEST_TIMEOUT;
    }
}

package dev.outboxsync.campaign.platform;

import dev.outboxsync.campaign.platform.CallLog.Call;
import dev.outboxsync.campaign.platform.PlatformFailure.Kind;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;

/**
 * The platform's API, with all that it takes to live with it: each attempt passes the circuit breaker, waits for its place in
 * the window, and carries the token; what may pass is tried again. Safe for use by several threads. An interrupt ends every
 * wait with {@link CallInterrupted}.
 */
public final class PlatformClient {
    private static final int CALLS_LOOKED_AT = 10;
    private static final float PERCENT_OF_AN_OUTAGE = 60;

    private final PlatformSettings settings;
    private final PlatformHttp http;
    private final AccessTokens tokens;
    private final CallWindow window;
    private final CallLog log;
    private final RetryAfter retryAfter;
    private final CircuitBreaker breaker;
    private final RetryTemplate attempts;
    /** Why the breaker keeps everybody off. */
    private volatile String lastFault = "UNAVAILABLE";

    public PlatformClient(PlatformSettings settings, CallLog log) {
        this.settings = settings;
        this.log = log;
        this.http = new PlatformHttp(settings);
        this.tokens = new AccessTokens(this::demandToken, System::nanoTime);
        this.window = new CallWindow(settings, log);
        this.retryAfter = new RetryAfter(settings.window(), settings.longestHold(), Clock.systemUTC());
        this.breaker = breaker(settings);
        this.attempts = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(settings.attempts() - 1L)
                .delay(settings.firstPause())
                .jitter(settings.firstPause().dividedBy(2))
                .multiplier(2)
                .maxDelay(settings.longestPause())
                .predicate(failure -> failure instanceof PlatformFailure passing && passing.isPassing())
                .build());
    }

    private static CircuitBreaker breaker(PlatformSettings settings) {
        return CircuitBreaker.of(
                "platform",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CALLS_LOOKED_AT)
                        .minimumNumberOfCalls(CALLS_LOOKED_AT / 2)
                        .failureRateThreshold(PERCENT_OF_AN_OUTAGE)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(
                                settings.outagePause(), 2, settings.longestOutagePause()))
                        .ignoreException(failure ->
                                !(failure instanceof PlatformFailure platform && platform.kind() == Kind.UNAVAILABLE))
                        .build());
    }

    /** This process is the only one that calls from now on: counts the calls of those before it. */
    public void takeOver() {
        window.takeOver();
    }

    /** A page of the list, the first is 1. Fails with {@link PlatformFailure} when it cannot be had. */
    public CampaignPage page(int number) {
        return call(
                Call.LIST, token -> http.list(token, number), answer -> CampaignJson.page(answer, settings.pageSize()));
    }

    /** Has the platform sync a campaign. After {@code UNAVAILABLE} it may have done so: to repeat it does no harm. */
    public SyncAnswer sync(String id) {
        return call(Call.SYNC, token -> http.sync(token, id), answer -> CampaignJson.synced(answer, id));
    }

    private <T> T call(Call call, Function<String, Answer> request, Function<byte[], T> reading) {
        awaitBreaker();
        try {
            return Objects.requireNonNull(attempts.<T>execute(() -> breaker.executeSupplier(
                    () -> attempt(() -> reading.apply(withToken(call, request).content())))));
        } catch (RetryException exhausted) {
            throw failure(exhausted);
        }
    }

    private <T> T attempt(Supplier<T> whole) {
        try {
            return whole.get();
        } catch (PlatformFailure failure) {
            lastFault = failure.kind() == Kind.UNAVAILABLE ? failure.reason() : lastFault;
            throw failure;
        }
    }

    private RuntimeException failure(RetryException exhausted) {
        if (Thread.currentThread().isInterrupted()) {
            return new CallInterrupted();
        }
        Throwable last = exhausted.getCause();
        if (last instanceof CallNotPermittedException) {
            return new PlatformFailure(Kind.UNAVAILABLE, lastFault, last);
        }
        return last instanceof RuntimeException failure ? failure : new IllegalStateException(exhausted);
    }

    /** A token may have been revoked: a 401 is believed only of a new one. */
    private Answer withToken(Call call, Function<String, Answer> request) {
        Answer answer = inWindow(call, request);
        return answer.status() == Answer.UNAUTHORIZED ? inWindow(call, request) : answer;
    }

    private Answer inWindow(Call call, Function<String, Answer> request) {
        CallWindow.Place place = interruptibly(window::enter);
        try {
            // not before: one that was good when the wait began may have expired in it
            String token = tokens.current();
            place.use(call);
            Answer answer = counted(request, token);
            if (answer.status() == Answer.UNAUTHORIZED) {
                tokens.drop(token);
            }
            return answer;
        } finally {
            place.end();
        }
    }

    private Answer counted(Function<String, Answer> request, String token) {
        try {
            Answer answer = obeyed(request.apply(token));
            boolean limited = answer.status() == Answer.TOO_MANY_REQUESTS;
            if (limited || answer.isFault() || answer.status() == Answer.UNAUTHORIZED) {
                log.failed(limited);
            }
            return answer;
        } catch (PlatformFailure lost) {
            if (lost.isPassing()) {
                demandGoingOn();
                log.failed(false);
            }
            throw lost;
        }
    }

    /** Counts against no limit, but is not made while the platform wants to be left alone. */
    private Answer demandToken() {
        interruptibly(() -> {
            window.awaitHold();
            return true;
        });
        return obeyed(http.token());
    }

    /** With what the platform asks of all workers; a fault may ask for a pause too. */
    private Answer obeyed(Answer answer) {
        if (answer.status() == Answer.TOO_MANY_REQUESTS) {
            window.hold(retryAfter.of(answer));
        } else if (answer.isFault()) {
            retryAfter.said(answer).ifPresent(window::hold);
        }
        return answer;
    }

    private interface Wait<T> {
        T end() throws InterruptedException;
    }

    private static <T> T interruptibly(Wait<T> wait) {
        try {
            return wait.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterrupted();
        }
    }

    private static void demandGoingOn() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CallInterrupted();
        }
    }

    /** Whether the platform failed so often that nobody calls now. */
    public boolean isOut() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /** While the platform fails, one call at a time finds out whether it is back. */
    private void awaitBreaker() {
        long look = Math.max(1, Math.min(settings.outagePause().toMillis() / 4, 1_000));
        interruptibly(() -> {
            while (!breaker.tryAcquirePermission()) {
                Thread.sleep(look);
            }
            return true;
        });
        breaker.releasePermission();
    }

    /** The service is being stopped, or another one leads. */
    public static final class CallInterrupted extends RuntimeException {}
}

package dev.outboxsync.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An advertising platform's API on the loopback, for the demo and for tests: token, pages, a limit in a sliding window for each
 * client, 503 to every fifth request for a page, silence to every tenth. Its clock can run faster than ours.
 */
public final class StandInPlatform implements AutoCloseable {
    public static final String USER = "stand-in";
    public static final String PASSWORD = "stand-in-password";
    public static final String CLIENT_ID = "outbox-sync";

    private static final Pattern QUERY = Pattern.compile("page=(\\d{1,9})&limit=(\\d{1,4})");
    private static final Pattern SYNC = Pattern.compile("/api/campaigns/([^/]+)/sync");

    /**
     * How it behaves.
     *
     * @param calls how many list and sync calls of a client it takes within the window
     * @param syncTakes how long a sync takes
     * @param tokenLife after this a token is refused
     * @param failEvery so many requests for a page bring one 503; 0 for none
     * @param hangEvery so many requests for a page bring one that is never answered; 0 for none
     */
    public record Manner(
            int calls, Duration window, Duration syncTakes, Duration tokenLife, int failEvery, int hangEvery) {
        /** As the platform is described. */
        public static final Manner DESCRIBED =
                new Manner(10, Duration.ofSeconds(60), Duration.ofSeconds(2), Duration.ofHours(1), 5, 10);
    }

    /** A request that counts against the limit, and its answer; status 0 for none. */
    public record Call(String path, int status) {}

    private final Manner manner;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in-platform");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> campaigns = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
    private final Map<String, Deque<Long>> windows = new ConcurrentHashMap<>();
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closing = new CountDownLatch(1);
    private int lists;
    private volatile boolean down;
    private volatile boolean silent;

    private StandInPlatform(Manner manner, int port) throws IOException {
        this.manner = manner;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /** Starts it with so many campaigns; port 0 takes a free one. */
    public static StandInPlatform start(Manner manner, int campaigns, int port) {
        try {
            var platform = new StandInPlatform(manner, port == 0 ? Ports.free() : port);
            for (int number = 1; number <= campaigns; number++) {
                platform.campaigns.add(campaign(number));
            }
            platform.server.start();
            return platform;
        } catch (IOException e) {
            throw new StackProblem("The stand-in platform cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** The JSON of a campaign of that number, as the platform has it from the beginning. */
    public static String campaign(int number) {
        return """
                {"id":"campaign_%d","name":"Campaign %d","status":"%s","budget":%d.%02d,"impressions":%d,"clicks":%d,\
                "conversions":%d,"created_at":"2026-01-%02dT08:00:00.000Z"}""".formatted(
                        number,
                        number,
                        number % 3 == 0 ? "paused" : "active",
                        1_000 + number,
                        number % 100,
                        number * 1_000,
                        number * 10,
                        number,
                        number % 28 + 1);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The campaigns as it lists them, each its JSON; may be changed at any time. */
    public List<String> campaigns() {
        return campaigns;
    }

    /** Answers 503 to everything, or no more. */
    public void down(boolean isDown) {
        down = isDown;
    }

    /** Answers nothing at all, or again what is asked from then on. */
    public void silent(boolean isSilent) {
        silent = isSilent;
    }

    /** Refuses all tokens that it has given. */
    public void forgetTokens() {
        tokens.clear();
    }

    /** What counted against the limit so far, the oldest first. */
    public List<Call> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        if (silent) {
            hang(exchange);
        } else if (path.equals("/auth/token")) {
            answer(exchange, down ? 503 : token(exchange), path, false);
        } else if (path.startsWith("/api/campaigns")) {
            api(exchange, path);
        } else {
            send(exchange, 404, "{}");
        }
    }

    private int token(HttpExchange exchange) {
        String credentials =
                Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return ("Basic " + credentials).equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401;
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        boolean list = exchange.getRequestMethod().equals("GET");
        if (isOverLimit(exchange)) {
            answer(exchange, 429, path, true);
        } else if (!isAuthorized(exchange)) {
            answer(exchange, 401, path, true);
        } else if (down) {
            answer(exchange, 503, path, true);
        } else if (list) {
            list(exchange, path);
        } else {
            pause(manner.syncTakes());
            answer(exchange, SYNC.matcher(path).matches() ? 200 : 404, path, true);
        }
    }

    private void list(HttpExchange exchange, String path) throws IOException {
        int number = nextList();
        if (manner.hangEvery() > 0 && number % manner.hangEvery() == 0) {
            calls.add(new Call(path, 0));
            hang(exchange);
        } else if (manner.failEvery() > 0 && number % manner.failEvery() == 0) {
            answer(exchange, 503, path, true);
        } else {
            answer(exchange, 200, path, true);
        }
    }

    private void hang(HttpExchange exchange) {
        pause(Duration.ofMinutes(10));
        exchange.close();
    }

    private synchronized int nextList() {
        return ++lists;
    }

    private boolean isAuthorized(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        Instant given = tokens.get(header.replace("Bearer ", ""));
        return given != null && given.plus(manner.tokenLife()).isAfter(Instant.now());
    }

    private synchronized boolean isOverLimit(HttpExchange exchange) {
        String client = String.valueOf(exchange.getRequestHeaders().getFirst("x-client-id"));
        Deque<Long> window = windows.computeIfAbsent(client, any -> new ArrayDeque<>());
        long now = System.nanoTime();
        while (!window.isEmpty() && now - window.peek() >= manner.window().toNanos()) {
            window.remove();
        }
        if (window.size() >= manner.calls()) {
            return true;
        }
        window.add(now);
        return false;
    }

    private void answer(HttpExchange exchange, int status, String path, boolean counts) throws IOException {
        if (counts) {
            calls.add(new Call(path, status));
        }
        send(exchange, status, body(status, path));
    }

    private String body(int status, String path) {
        return switch (status) {
            case 200 -> path.equals("/auth/token") ? newToken() : content(path);
            case 429 ->
                "{\"error\":\"Rate limit exceeded\",\"retry_after\":"
                        + Math.max(1, manner.window().toSeconds()) + "}";
            default -> "{\"error\":\"" + status + "\"}";
        };
    }

    private String newToken() {
        String token = UUID.randomUUID().toString();
        tokens.put(token, Instant.now());
        return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                + manner.tokenLife().toSeconds() + ",\"issued_at\":" + System.currentTimeMillis() + "}";
    }

    private String content(String path) {
        Matcher sync = SYNC.matcher(path);
        return sync.matches()
                ? "{\"success\":true,\"campaign_id\":\"" + sync.group(1) + "\",\"synced_at\":\"" + Instant.now() + "\"}"
                : page(path);
    }

    private String page(String path) {
        Matcher query = QUERY.matcher(path);
        boolean named = query.find();
        int page = named ? Integer.parseInt(query.group(1)) : 1;
        int limit = named ? Integer.parseInt(query.group(2)) : 10;
        synchronized (campaigns) {
            int total = campaigns.size();
            int from = Math.min(total, (page - 1) * limit);
            int to = Math.min(total, from + limit);
            return "{\"data\":[" + String.join(",", campaigns.subList(from, to)) + "],\"pagination\":{\"page\":" + page
                    + ",\"limit\":" + limit + ",\"total\":" + total + ",\"has_more\":" + (to < total) + "}}";
        }
    }

    private void pause(Duration length) {
        try {
            if (closing.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

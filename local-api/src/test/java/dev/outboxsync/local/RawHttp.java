package dev.outboxsync.local;

import dev.outboxsync.steering.document.ApiDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Octets to a port, and what comes back, for requests that no client would let through. */
record RawHttp(int port) {
    private static final int PATIENCE = 20_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    /** The first answer to these octets, after which nothing more is sent; status 0 when the connection just ends. */
    RawAnswer send(byte[] request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
            } catch (SocketException answeredAlready) {
                // what it has said is read below
            }
            return RawAnswer.parse(new String(read(socket.getInputStream()), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(InputStream stream) throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            stream.transferTo(all);
        } catch (SocketException cutOff) {
            // a refusal may end the connection while the request is still on its way
        }
        return all.toByteArray();
    }

    /** @param headers by their names in lower case */
    record RawAnswer(int status, Map<String, String> headers, String body) {
        static RawAnswer parse(String text) {
            if (!text.startsWith("HTTP/1.1 ")) {
                return new RawAnswer(0, Map.of(), text);
            }
            int end = text.indexOf(END_OF_HEAD);
            String[] lines = text.substring(0, end).split("\r\n", -1);
            Map<String, String> headers = Arrays.stream(lines)
                    .skip(1)
                    .map(line -> line.split(": *", 2))
                    .collect(Collectors.toMap(
                            pair -> pair[0].toLowerCase(Locale.ROOT),
                            pair -> pair[1],
                            (one, other) -> one,
                            TreeMap::new));
            String rest = text.substring(end + END_OF_HEAD.length());
            return new RawAnswer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, body(headers, rest));
        }

        private static String body(Map<String, String> headers, String rest) {
            if (!headers.containsKey("transfer-encoding")) {
                return new String(rest.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
            var whole = new StringBuilder();
            int at = 0;
            for (int length = chunk(rest, at); length > 0; length = chunk(rest, at)) {
                int begin = rest.indexOf("\r\n", at) + 2;
                whole.append(rest, begin, begin + length);
                at = begin + length + 2;
            }
            return new String(whole.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        private static int chunk(String rest, int at) {
            return Integer.parseInt(rest.substring(at, rest.indexOf("\r\n", at)), 16);
        }

        ApiDocument.Given given(String method, String path) {
            return new ApiDocument.Given(
                    method,
                    path,
                    status,
                    name -> headers.getOrDefault(name.toLowerCase(Locale.ROOT), ApiDocument.MISSING),
                    body);
        }
    }
}

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The health check of an image that has neither shell nor curl: exit code 0 if the service on this port is ready. It runs
 * every few seconds for as long as the container does: hence a bare socket, which costs half as much as an HTTP client.
 */
class Ready {
    private static final int LIMIT_MS = 3_000;
    private static final String STATUS_OK = "HTTP/1.1 200";

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        String request = "GET /actuator/health/readiness HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(LIMIT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes(STATUS_OK.length());
            System.exit(STATUS_OK.equals(new String(status, StandardCharsets.US_ASCII)) ? 0 : 1);
        }
    }
}

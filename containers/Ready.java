import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;

/** The health check of an image that has neither shell nor curl: exit code 0 if the service on this port is ready. */
class Ready {
    private static final int LIMIT_MS = 3_000;

    public static void main(String[] arguments) throws IOException {
        URL readiness = new URL("http://127.0.0.1:" + arguments[0] + "/actuator/health/readiness");
        HttpURLConnection connection = (HttpURLConnection) readiness.openConnection();
        connection.setConnectTimeout(LIMIT_MS);
        connection.setReadTimeout(LIMIT_MS);
        System.exit(connection.getResponseCode() == HttpURLConnection.HTTP_OK ? 0 : 1);
    }
}

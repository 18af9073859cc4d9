package dev.outboxsync.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A service as the stack sees one: its jar lays itself open as Spring Boot's do, and it is ready at once, and tells the
 * names of its environment. Without a port it ends.
 */
public final class StandInService {
    private StandInService() {}

    public static void main(String[] arguments) throws IOException {
        if ("tools".equals(System.getProperty("jarmode"))) {
            Path jar = Path.of(System.getProperty("java.class.path"));
            Files.copy(jar, Path.of(arguments[arguments.length - 1]).resolve(jar.getFileName()));
        } else if (System.getenv("SERVER_PORT") != null) {
            serve(Integer.parseInt(System.getenv("SERVER_PORT")));
        }
    }

    private static void serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        answer(server, "/actuator/health/readiness", "{\"status\":\"UP\"}");
        answer(server, "/environment", String.join(",", System.getenv().keySet()));
        server.start();
    }

    private static void answer(HttpServer server, String path, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    /** Lays a built project of three stand-ins into the folder. */
    static Path project(Path folder) throws IOException {
        for (String module : new String[] {"local-api", "outbox-relay", "central-consumer"}) {
            Path target = Files.createDirectories(folder.resolve(module).resolve("target"));
            jar(target.resolve(module + "-app.jar"), module);
        }
        return folder;
    }

    static void jar(Path file, String comment) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInService.class.getName());
        String entry = StandInService.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                var bytes = StandInService.class.getClassLoader().getResourceAsStream(entry)) {
            jar.setComment(comment);
            jar.putNextEntry(new JarEntry(entry));
            bytes.transferTo(jar);
            jar.closeEntry();
        }
    }
}

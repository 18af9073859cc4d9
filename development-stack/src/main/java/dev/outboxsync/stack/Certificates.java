package dev.outboxsync.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder of certificates, made by the program that docs/secure-links.md tells people to run.
 *
 * @param folder holds {@code trust.p12}, {@code ca.pem} and what each host needs
 */
public record Certificates(Path folder) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Makes an authority and a certificate for each host. */
    public static Certificates make(Path folder, String... hosts) {
        Folders.create(folder);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ProjectFiles.at("containers/Certificates.java").toString(),
                folder.toAbsolutePath().toString()));
        command.addAll(List.of(hosts));
        ServerProcess.start("Certificates", command, folder, folder.resolve("certificates.log"), Map.of())
                .awaitSuccess(LIMIT);
        return new Certificates(folder.toAbsolutePath());
    }

    /** The authority's certificate in a store of Java's, of the usual password {@code changeit}. */
    public Path trustStore() {
        return folder.resolve("trust.p12");
    }

    /** One of a host's files: {@code key}, {@code crt}, or {@code pem} with both. */
    public Path of(String host, String ending) {
        return folder.resolve(host + "." + ending);
    }

    /** The options by which a server of MySQL takes them. */
    public List<String> forMySql(String host) {
        return List.of(
                "--ssl-ca=" + folder.resolve("ca.pem"),
                "--ssl-cert=" + of(host, "crt"),
                "--ssl-key=" + of(host, "key"));
    }

    /** What is appended to a JDBC URL so that the server must prove who it is. */
    public String forUrl() {
        return "?sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreUrl=file:" + trustStore()
                + "&trustCertificateKeyStoreType=PKCS12&trustCertificateKeyStorePassword=changeit";
    }
}

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes a certificate authority in a folder, unless it has one, and a certificate for each host that is named, with
 * nothing but a JDK. {@code java Certificates.java FOLDER HOST...}; see make-certificates.
 */
final class Certificates {
    // No secret: Java asks for a password even where a store holds public certificates only. What guards keys is the folder.
    private static final String STORE_PASSWORD = "changeit";
    private static final String AUTHORITY = "ca";
    private static final String DAYS_OF_AUTHORITY = "7300";
    private static final String DAYS_OF_SERVER = "825";

    private final Path folder;
    private final Path keys;

    private Certificates(Path folder) {
        this.folder = folder;
        this.keys = folder.resolve("ca.p12");
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("usage: Certificates.java FOLDER HOST...   (a HOST is a DNS name or an IP address)");
            System.exit(2);
        }
        Certificates certificates = new Certificates(Path.of(arguments[0]));
        certificates.makeAuthority();
        for (String host : List.of(arguments).subList(1, arguments.length)) {
            certificates.make(host);
        }
    }

    private void makeAuthority() throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (Files.notExists(keys)) {
            keytool("-alias", AUTHORITY, "-dname", "CN=Outbox Sync CA", "-validity", DAYS_OF_AUTHORITY,
                    "-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign,cRLSign");
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        }
        Certificate authority = load().getCertificate(AUTHORITY);
        Files.writeString(folder.resolve("ca.pem"), pem("CERTIFICATE", authority.getEncoded()));
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(AUTHORITY, authority);
        try (OutputStream file = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(file, STORE_PASSWORD.toCharArray());
        }
    }

    /** Each time with a new key: a certificate that runs out is replaced by another run. */
    private void make(String host) throws IOException, GeneralSecurityException, InterruptedException {
        if (!host.matches("[A-Za-z0-9.:-]+") || host.equals(AUTHORITY)) {
            throw new IllegalArgumentException("Not a host: " + host);
        }
        boolean address = host.matches("[0-9.]+") || host.contains(":");
        forget(host);
        keytool("-alias", host, "-signer", AUTHORITY, "-dname", "CN=" + host, "-validity", DAYS_OF_SERVER,
                "-ext", "san=" + (address ? "ip:" : "dns:") + host, "-ext", "eku=serverAuth",
                "-ext", "ku:critical=digitalSignature");
        KeyStore made = load();
        Key key = made.getKey(host, STORE_PASSWORD.toCharArray());
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : made.getCertificateChain(host)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        String secret = pem("PRIVATE KEY", key.getEncoded());
        Files.writeString(folder.resolve(host + ".key"), secret);
        Files.writeString(folder.resolve(host + ".crt"), chain);
        Files.writeString(folder.resolve(host + ".pem"), secret + chain);
        forget(host);
        System.out.println(folder.resolve(host + ".pem") + " is for " + host);
    }

    /** The authority's file goes nowhere and need not hold the keys of servers. */
    private void forget(String host) throws IOException, GeneralSecurityException {
        KeyStore store = load();
        store.deleteEntry(host);
        try (OutputStream file = Files.newOutputStream(keys)) {
            store.store(file, STORE_PASSWORD.toCharArray());
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keys)) {
            store.load(file, STORE_PASSWORD.toCharArray());
        }
        return store;
    }

    private void keytool(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12",
                "-keystore", keys.toString(), "-storepass", STORE_PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + said);
        }
    }

    private static String pem(String what, byte[] encoded) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}

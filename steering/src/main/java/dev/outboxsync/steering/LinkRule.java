package dev.outboxsync.steering;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Rows and passwords leave this machine only over links that nobody can read, to servers that prove who they are: to MySQL
 * with {@code sslMode=VERIFY_IDENTITY} (or VERIFY_CA), to Kafka by SASL_SSL (or SSL), to the platform by https.
 * {@code TRUSTED_NETWORK=true} is an operator's word that nobody else is on the way. Names are not looked up: only what is
 * written is judged.
 */
final class LinkRule implements BeanFactoryPostProcessor, PriorityOrdered {
    private static final String OPERATORS_WORD = "TRUSTED_NETWORK";
    private static final String MANUAL = "docs/secure-links.md shows how, or set TRUSTED_NETWORK=true where nobody else"
            + " is on the way, as within one machine's containers.";
    private static final Pattern DATABASE = Pattern.compile("jdbc:[^/]*//([^/?]*)(?:/[^?]*)?(?:\\?(.*))?");
    private static final Pattern PLAIN_HTTP = Pattern.compile("\\s*http://([^/?#]*).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?", Pattern.CASE_INSENSITIVE);

    private final Environment environment;

    LinkRule(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        demandReadablePassword();
        if (!isNetworkTrusted()) {
            demandVerifiedDatabase();
            demandEncryptedKafka();
            demandEncryptedPlatform();
        }
    }

    private boolean isNetworkTrusted() {
        String word = environment.getProperty(OPERATORS_WORD, "").strip();
        return switch (word) {
            case "true" -> true;
            case "", "false" -> false;
            default ->
                throw new StartRefused(
                        OPERATORS_WORD + " is neither true nor false.", "Write one of them, or leave it out.");
        };
    }

    private void demandVerifiedDatabase() {
        String text = environment.getProperty("spring.datasource.url", "");
        var url = DATABASE.matcher(text);
        boolean readable = url.matches();
        if (!StringUtils.hasText(text) || (readable && isOnLoopback(url.group(1)))) {
            return;
        }
        if (!readable) {
            throw new StartRefused(
                    "The database's URL cannot be read.",
                    "Write DB_A_URL, at the centre DB_B_URL, like jdbc:mysql://127.0.0.1:3306/local_db; user and password"
                            + " have settings of their own.");
        }
        String options = url.group(2) != null ? url.group(2) : "";
        List<String> modes = Stream.of(options.split("&", -1))
                .map(option -> option.split("=", 2))
                .filter(option -> option.length == 2 && option[0].strip().equals("sslMode"))
                .map(option -> option[1].strip().toUpperCase(Locale.ROOT))
                .toList();
        if (modes.isEmpty() || !modes.stream().allMatch(mode -> mode.startsWith("VERIFY_"))) {
            throw new StartRefused(
                    "The database is on another machine, as its URL is written, and the URL does not have it prove who it is.",
                    "Give the URL sslMode=VERIFY_IDENTITY and the trust store of the database's authority, or, for one on this"
                            + " machine, write it like jdbc:mysql://127.0.0.1:3306/local_db: " + MANUAL);
        }
    }

    private void demandEncryptedKafka() {
        String servers = environment.getProperty("spring.kafka.bootstrap-servers", "");
        String protocol = environment.getProperty("spring.kafka.security.protocol", "PLAINTEXT");
        if (StringUtils.hasText(servers)
                && !isOnLoopback(servers)
                && !protocol.toUpperCase(Locale.ROOT).endsWith("SSL")) {
            throw new StartRefused(
                    "Kafka is on another machine, and everything that goes there could be read and changed on the way.",
                    "Set KAFKA_SECURITY_PROTOCOL=SASL_SSL: " + MANUAL);
        }
    }

    private void demandEncryptedPlatform() {
        var address = PLAIN_HTTP.matcher(environment.getProperty("campaign-pull.platform.url", ""));
        if (address.matches() && !isOnLoopback(address.group(1))) {
            throw new StartRefused(
                    "The platform is on another machine, and our password could be read on the way there.",
                    "Give its address with https://, or set TRUSTED_NETWORK=true where nobody else is on the way.");
        }
    }

    /** It stands in quotes in Kafka's own configuration. */
    private void demandReadablePassword() {
        for (String name : List.of("KAFKA_USER", "KAFKA_PASSWORD")) {
            String value = environment.getProperty(name, "");
            if (value.contains("\"") || value.contains("\\")) {
                throw new StartRefused(
                        name + " has a quote or a backslash in it.",
                        "Give the user another one, of letters, digits, - and _.");
            }
        }
    }

    private static boolean isOnLoopback(String hosts) {
        return Stream.of(hosts.split(",", -1))
                .allMatch(host -> LOOPBACK.matcher(host.strip()).matches());
    }
}

package dev.outboxsync.relay.kafka;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** Says why Kafka cannot be used, and what a person may do. By the failure's class, never by its text. */
final class KafkaFailure {
    private KafkaFailure() {}

    static String sentence(Throwable failure) {
        if (has(failure, SaslAuthenticationException.class)) {
            return "Kafka does not let this site in: check KAFKA_USER and KAFKA_PASSWORD";
        }
        if (has(failure, CertificateExpiredException.class)) {
            return "Kafka's certificate has run out, or the clock of this site is wrong: nothing is sent to it";
        }
        if (has(failure, CertPathBuilderException.class) || has(failure, CertPathValidatorException.class)) {
            return "Kafka's certificate is of no authority that KAFKA_TRUST_STORE names: nothing is sent to it";
        }
        if (has(failure, CertificateException.class)) {
            return "Kafka's certificate is not for the host in KAFKA_BOOTSTRAP_SERVERS: nothing is sent to it";
        }
        if (has(failure, SslAuthenticationException.class)) {
            return "Kafka and this site find no common way to encrypt: check KAFKA_SECURITY_PROTOCOL and the brokers' listener";
        }
        if (has(failure, AuthorizationException.class)) {
            return "Kafka refuses what this site has no right to: see containers/kafka-rights";
        }
        if (has(failure, IOException.class)) {
            return "Kafka's trust store cannot be read: check KAFKA_TRUST_STORE and KAFKA_TRUST_STORE_PASSWORD";
        }
        if (has(failure, ConfigException.class)) {
            return "Kafka's settings are wrong: KAFKA_BOOTSTRAP_SERVERS must be host:port, several with commas, of hosts that can be"
                    + " found from here, and KAFKA_SECURITY_PROTOCOL one that Kafka has";
        }
        Throwable cause = failure.getCause();
        return isSilence(failure) || cause == null
                ? "Kafka cannot be reached: it is away, or does not speak as KAFKA_SECURITY_PROTOCOL says"
                : "Kafka cannot be used: " + cause.getClass().getSimpleName();
    }

    private static boolean isSilence(Throwable failure) {
        return has(failure, TimeoutException.class)
                || has(failure, org.apache.kafka.common.errors.TimeoutException.class);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}

package dev.outboxsync.stack;

import java.nio.file.Path;

/**
 * What makes a broker one that asks who comes, as docs/secure-links.md sets it up: TLS and SCRAM for clients, who may do
 * what they have a right to and nothing else. Its administrator comes by a listener of its own, which the loopback alone
 * has.
 *
 * @param certificate PEM: the broker's key and its certificate, made for {@code localhost}
 * @param adminPassword of the user {@code admin}, who may do everything
 */
public record KafkaSecurity(Path certificate, String adminPassword) {
    /** Properties that come after those of an open broker and win over them. */
    String settings(int clients, int admin, int controller) {
        return """
                listeners=CLIENTS://127.0.0.1:%1$d,ADMIN://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%3$d
                advertised.listeners=CLIENTS://localhost:%1$d,ADMIN://127.0.0.1:%2$d
                listener.security.protocol.map=CLIENTS:SASL_SSL,ADMIN:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
                inter.broker.listener.name=ADMIN
                sasl.mechanism.inter.broker.protocol=PLAIN
                sasl.mechanism.controller.protocol=PLAIN
                listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.clients.scram-sha-512.sasl.jaas.config=\
                org.apache.kafka.common.security.scram.ScramLoginModule required;
                listener.name.clients.ssl.keystore.type=PEM
                listener.name.clients.ssl.keystore.location=%4$s
                listener.name.admin.sasl.enabled.mechanisms=PLAIN
                listener.name.admin.plain.sasl.jaas.config=%5$s user_admin="%6$s";
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.plain.sasl.jaas.config=%5$s user_admin="%6$s";
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                allow.everyone.if.no.acl.found=false
                super.users=User:admin
                """.formatted(clients, admin, controller, certificate.toAbsolutePath(), asAdmin(), adminPassword);
    }

    /** How a client says that it is the administrator, without the semicolon at the end. */
    String asAdmin() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"%s\""
                .formatted(adminPassword);
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "KafkaSecurity[certificate=" + certificate + "]";
    }
}

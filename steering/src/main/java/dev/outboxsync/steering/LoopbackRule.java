package dev.outboxsync.steering;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * A service whose endpoints are open to whoever reaches them must not be reached from another machine. Looks before any bean
 * is made, so that nothing has listened, migrated or connected when a service is refused.
 */
final class LoopbackRule implements BeanFactoryPostProcessor, PriorityOrdered {
    private static final String OPERATORS_WORD = "PUBLISHED_ON_LOOPBACK_ONLY";
    private static final int USUAL_PORT = 8080;

    private final Environment environment;

    LoopbackRule(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (isPublishedOnLoopbackOnly(environment)) {
            return;
        }
        demandLoopback("server.address");
        if (hasManagementPort()) {
            demandLoopback("management.server.address");
        }
    }

    /** An operator's word that something around the service sees to it. */
    static boolean isPublishedOnLoopbackOnly(Environment environment) {
        String word = environment.getProperty(OPERATORS_WORD, "").strip();
        return switch (word) {
            case "true" -> true;
            case "", "false" -> false;
            default ->
                throw new StartRefused(
                        OPERATORS_WORD + " is neither true nor false.",
                        "Write true in a container whose port is published on the host's loopback only; else leave it"
                                + " out.");
        };
    }

    /** Health and metrics on a port of their own listen on every address, unless told otherwise: they do not follow server.address. */
    private boolean hasManagementPort() {
        Integer port = environment.getProperty("management.server.port", Integer.class);
        int ownPort = environment.getProperty("server.port", Integer.class, USUAL_PORT);
        return port != null && port >= 0 && (port == 0 || port != ownPort);
    }

    private void demandLoopback(String property) {
        InetAddress address = address(property);
        if (address == null || !address.isLoopbackAddress()) {
            String listensOn = address == null || address.isAnyLocalAddress()
                    ? "every address of this machine"
                    : address.getHostAddress();
            throw new StartRefused(
                    "The service would listen on " + listensOn + ", and most of its endpoints ask nobody who he is.",
                    "Set " + property + " to 127.0.0.1, and put a proxy that asks who somebody is, and speaks TLS, in"
                            + " front for other machines. In a container whose port is published on the host's loopback"
                            + " only, set " + OPERATORS_WORD + "=true.");
        }
    }

    private @Nullable InetAddress address(String property) {
        try {
            return Binder.get(environment).bind(property, InetAddress.class).orElse(null);
        } catch (BindException noAddress) {
            throw new StartRefused(
                    property + " is neither an address nor the name of a machine that is known here.",
                    "Set it to 127.0.0.1.");
        }
    }
}

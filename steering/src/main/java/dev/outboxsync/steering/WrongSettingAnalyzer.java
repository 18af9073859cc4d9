package dev.outboxsync.steering;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.unit.DataSize;

/** Lets Spring Boot print what is wrong with a setting by the name it has for people, without its value. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class WrongSettingAnalyzer extends AbstractFailureAnalyzer<ConfigurationPropertiesBindException> {
    private static final String CURE = "Correct it, then start the service again. The README lists all settings.";
    private static final Map<Class<?>, String> KINDS = Map.of(
            Duration.class, "a duration such as 500ms, 30s or 24h",
            DataSize.class, "a size such as 64KB or 1MB",
            URI.class, "an address such as http://127.0.0.1:8081",
            Boolean.class, "true or false",
            boolean.class, "true or false",
            Integer.class, "a whole number",
            int.class, "a whole number",
            Long.class, "a whole number",
            long.class, "a whole number");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ConfigurationPropertiesBindException cause) {
        ConversionException unreadable = findCause(cause, ConversionException.class);
        BindException binding = findCause(cause, BindException.class);
        if (unreadable != null && binding != null) {
            String reason = name(binding) + " cannot be read: it must be "
                    + kind(binding.getTarget().getType().resolve(Object.class)) + ".";
            return new FailureAnalysis(reason, CURE, cause);
        }
        IllegalArgumentException refusal = findCause(cause, IllegalArgumentException.class);
        return refusal == null ? null : new FailureAnalysis(refusal.getMessage() + ".", CURE, cause);
    }

    private static String kind(Class<?> type) {
        return type.isEnum()
                ? "one of " + List.of(type.getEnumConstants())
                : KINDS.getOrDefault(type, "of the type " + type.getSimpleName());
    }

    /** The variable of the environment that the property is taken from, where there is one. */
    private static String name(BindException binding) {
        ConfigurationProperty property = binding.getProperty();
        if (property == null) {
            return binding.getName().toString();
        }
        var variable = VARIABLE.matcher(String.valueOf(property.getValue()));
        return variable.find() ? variable.group(1) : property.getName().toString();
    }
}

package dev.outboxsync.steering;

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

/** Lets Spring Boot print what is wrong with a setting by the name it has for people, without its value. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class WrongSettingAnalyzer extends AbstractFailureAnalyzer<ConfigurationPropertiesBindException> {
    private static final String CURE = "Correct it, then start the service again. The README lists all settings.";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ConfigurationPropertiesBindException cause) {
        ConversionException unreadable = findCause(cause, ConversionException.class);
        BindException binding = findCause(cause, BindException.class);
        if (unreadable != null && binding != null) {
            String reason = name(binding) + " cannot be read: it must be of the type "
                    + binding.getTarget().getType().resolve(Object.class).getSimpleName() + ".";
            return new FailureAnalysis(reason, CURE, cause);
        }
        IllegalArgumentException refusal = findCause(cause, IllegalArgumentException.class);
        return refusal == null ? null : new FailureAnalysis(refusal.getMessage() + ".", CURE, cause);
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

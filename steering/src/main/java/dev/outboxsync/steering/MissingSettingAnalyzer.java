package dev.outboxsync.steering;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.PlaceholderResolutionException;

/** Lets Spring Boot name the variable of the environment that is missing, in place of a stack trace. */
final class MissingSettingAnalyzer extends AbstractFailureAnalyzer<PlaceholderResolutionException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PlaceholderResolutionException cause) {
        return new FailureAnalysis(
                cause.getPlaceholder() + " is not set.",
                "Set it, then start the service again. The README lists all settings.",
                cause);
    }
}

package dev.outboxsync.steering.problem;

import jakarta.servlet.Filter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Makes every servlet service that has this module refuse bad requests in the same words. */
@AutoConfiguration(before = {WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(RequestSettings.class)
class ProblemAutoConfiguration {
    /** Tomcat's own default. */
    private static final int THREADS = 200;

    private static final String RESOLVER = "handlerExceptionResolver";

    @Bean
    ProblemAdvice problemAdvice() {
        return new ProblemAdvice();
    }

    @Bean
    ProblemPage problemPage() {
        return new ProblemPage();
    }

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return new StrictJson();
    }

    @Bean
    FilterRegistrationBean<AnswerHeaders> answerHeaders() {
        return registration(new AnswerHeaders(), 3);
    }

    @Bean
    FilterRegistrationBean<SpokenRefusals> spokenRefusals(
            @Qualifier(RESOLVER) @Lazy HandlerExceptionResolver refusals) {
        return registration(new SpokenRefusals(refusals), 4);
    }

    /** Before the limits of bodies: a flood is not read. */
    @Bean
    FilterRegistrationBean<RequestRate> requestRate(
            RequestSettings settings, @Qualifier(RESOLVER) @Lazy HandlerExceptionResolver refusals) {
        return registration(new RequestRate(settings.perSecond(), refusals), 5);
    }

    @Bean
    FilterRegistrationBean<RequestLimits> requestLimits(
            RequestSettings settings,
            Environment environment,
            @Qualifier(RESOLVER) @Lazy HandlerExceptionResolver refusals) {
        var limits = new BodyLimits(settings.largestBody(), settings.longestUpload());
        int threads = environment.getProperty("server.tomcat.threads.max", Integer.class, THREADS);
        return registration(new RequestLimits(limits, Math.max(1, threads / 2), refusals), 10);
    }

    @Bean
    WebMvcConfigurer knownParameters() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new KnownParameters());
            }
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatProblems() {
        return factory -> {
            factory.addContextCustomizers(TomcatProblems::reportFor);
            // else whoever asks whether to send too much (Expect: 100-continue) is told to go on
            factory.addConnectorCustomizers(connector -> connector.setProperty("continueResponseTiming", "onRead"));
        };
    }

    private static <F extends Filter> FilterRegistrationBean<F> registration(F filter, int place) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
        return registration;
    }
}

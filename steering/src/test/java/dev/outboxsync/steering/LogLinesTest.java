package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** The log as {@code logging.yml} makes it: nobody's input passes for a line of ours. */
@ExtendWith(OutputCaptureExtension.class)
class LogLinesTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogLinesTest.class);
    private static final String FORGED = "2026-11-25T12:00:00.000Z  INFO [main] all is well";

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Test
    void a_line_cannot_be_forged_by_a_message_or_an_exception(CapturedOutput output) {
        var application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (var context = application.run("--spring.config.import=classpath:logging.yml")) {
            assertThat(context.isActive()).isTrue();
            LOG.warn("Table {} is\tstrange", "x\r\n" + FORGED + "\u001b[2J\u0085\u2028\u202e\u0000");
            LOG.error(
                    "Failed", new IllegalStateException("y\n" + FORGED, new IllegalArgumentException("z\r" + FORGED)));
        }

        assertThat(output.getOut().lines())
                .anyMatch(line -> line.contains(" : Table x?"))
                .contains("  | " + FORGED + "?[2J???? is\tstrange")
                .contains("  | " + FORGED)
                .anyMatch(line -> line.equals("  | java.lang.IllegalStateException: y"))
                .anyMatch(line -> line.equals("  | Caused by: java.lang.IllegalArgumentException: z?" + FORGED))
                .noneMatch(line -> line.startsWith("2026-11-25T12"));
        assertThat(output.getOut()).doesNotContain("\u001b[2J", "\r", "\u2028");
    }
}

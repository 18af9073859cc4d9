package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;

/** For each service as it is: not to be reached from another machine by a slip. Needs no database, for it gets to none. */
public abstract class AccessContract {
    private static final String NONE = "jdbc:mysql://127.0.0.1:1/none";

    private final Class<?> service;

    protected AccessContract(Class<?> service) {
        this.service = service;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--server.address=0.0.0.0",
                "--server.address=::",
                "--server.address=",
                "--management.server.port=0"
            })
    void it_does_not_start_where_other_machines_would_reach_it(String setting) {
        assertThatThrownBy(() -> SpringApplication.run(
                        service,
                        setting,
                        "--server.port=0",
                        "--DB_A_URL=" + NONE,
                        "--DB_B_URL=" + NONE,
                        "--KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1",
                        "--CAMPAIGN_API_URL=http://127.0.0.1:1"))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("The service would listen on every address of this machine");
    }
}

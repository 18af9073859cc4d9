package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.steering.StartRefused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;

/** The service as it is: not to be reached from another machine by a slip. Needs no database, for it gets to none. */
class AccessTest {
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
                        CampaignPull.class,
                        setting,
                        "--server.port=0",
                        "--DB_A_URL=jdbc:mysql://127.0.0.1:1/none",
                        "--CAMPAIGN_API_URL=http://127.0.0.1:1"))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("The service would listen on every address of this machine");
    }
}

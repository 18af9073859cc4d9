package dev.outboxsync.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CentralPropertiesTest {
    @Test
    void users_and_orders_are_accepted_and_nobody_is_the_admin_by_default() {
        CentralProperties properties = bound(Map.of());

        assertThat(properties).isEqualTo(new CentralProperties(properties.tables(), Duration.ofSeconds(5), "", ""));
        assertThat(properties.tables()).containsExactlyInAnyOrder("users", "orders");
    }

    @Test
    void tables_are_read_from_a_list_with_commas() {
        assertThat(bound(Map.of("central.tables", "users, stock")).tables())
                .containsExactlyInAnyOrder("users", "stock");
    }

    @Test
    void no_table_and_the_centres_own_tables_are_refused() {
        assertThatThrownBy(() -> bound(Map.of("central.tables", "")))
                .hasRootCauseMessage("SYNC_TABLES must name at least one table, like users,orders");
        assertThatThrownBy(() -> bound(Map.of("central.tables", "users,sync_site")))
                .hasRootCauseMessage(
                        "SYNC_TABLES must not name 'sync_site': what begins with sync_ is the centre's own");
    }

    @Test
    void a_look_without_a_pause_is_refused() {
        assertThatThrownBy(() -> bound(Map.of("central.look-every", "0s")))
                .hasRootCauseMessage("central.look-every must be at least 1ms");
    }

    @Test
    void the_password_is_never_shown() {
        assertThat(bound(Map.of("central.admin-password", "secret")).toString()).doesNotContain("secret");
    }

    private static CentralProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("central", CentralProperties.class);
    }
}

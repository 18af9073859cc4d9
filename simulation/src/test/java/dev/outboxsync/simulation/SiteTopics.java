package dev.outboxsync.simulation;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The log of one site, what the group of centres has committed of it, and which centre reads it. */
final class SiteTopics {
    final ShopDatabase shop;
    final Topic changes = new Topic();
    final Topic acknowledgements = new Topic();
    /** Whether the site reaches the log. */
    boolean reachable = true;
    /** Whether nobody does. */
    boolean down;

    @Nullable
    Long committed;

    @Nullable
    CentreProcess reader;

    /** Offsets of records whose acknowledgement the log has confirmed. */
    final Set<Long> acknowledged = new HashSet<>();
    /** Offsets that somebody's hand has jumped over. */
    final Set<Long> skipped = new HashSet<>();

    SiteTopics(ShopDatabase shop) {
        this.shop = shop;
    }

    /** Records before this offset are passed over, though the reader has not seen them. */
    void skipTo(long offset) {
        for (long before = changes.first(); before < offset; before++) {
            skipped.add(before);
        }
    }

    /** @param forAll whether nobody reaches it any longer, or the site alone */
    void cutOff(boolean forAll) {
        reachable = false;
        down = forAll;
    }

    void connect() {
        reachable = true;
        down = false;
    }
}

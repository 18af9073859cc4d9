package dev.outboxsync.simulation;

import org.jspecify.annotations.Nullable;

/** The log of one site, what the group of centres has committed of it, and which centre reads it. */
final class SiteTopics {
    final ShopDatabase shop;
    final Topic changes = new Topic();
    final Topic acknowledgements = new Topic();
    boolean reachable = true;

    @Nullable
    Long committed;

    @Nullable
    CentreProcess reader;

    SiteTopics(ShopDatabase shop) {
        this.shop = shop;
    }
}

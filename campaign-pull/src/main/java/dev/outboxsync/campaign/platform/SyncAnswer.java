package dev.outboxsync.campaign.platform;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The platform has synced a campaign.
 *
 * @param syncedAt by its clock; null where it gives no time that can be used
 */
public record SyncAnswer(@Nullable Instant syncedAt) {}

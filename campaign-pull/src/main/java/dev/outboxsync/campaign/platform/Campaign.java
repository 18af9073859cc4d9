package dev.outboxsync.campaign.platform;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A campaign as the platform lists it, checked.
 *
 * @param budget with {@link CampaignJson#DECIMALS} decimals
 * @param createdAt to the microsecond
 */
public record Campaign(
        String id,
        String name,
        String status,
        BigDecimal budget,
        long impressions,
        long clicks,
        long conversions,
        Instant createdAt) {}

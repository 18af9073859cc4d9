package dev.outboxsync.campaign.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list.
 *
 * @param size how many campaigns the platform puts on a page
 * @param total how many it has in all; null where it does not say
 * @param hasMore whether it says that another page follows
 */
public record CampaignPage(
        List<ListedItem> items, int size, @Nullable Long total, boolean hasMore) {}

package dev.outboxsync.campaign.platform;

import org.jspecify.annotations.Nullable;

/**
 * One item of a page: a campaign, or what is wrong with it.
 *
 * @param id null where it has none that can be used
 * @param campaign null for a malformed item
 * @param problem names the field, never its value; null for a campaign
 */
public record ListedItem(
        @Nullable String id,
        @Nullable Campaign campaign,
        @Nullable String problem) {
    static ListedItem of(Campaign campaign) {
        return new ListedItem(campaign.id(), campaign, null);
    }

    static ListedItem malformed(@Nullable String id, String problem) {
        return new ListedItem(id, null, problem);
    }
}

package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;

/**
 * Where the site's database stands.
 *
 * @param epoch grows when either database went back in time
 * @param seen the greatest acknowledgement that was settled
 */
public record SiteStanding(int epoch, AcknowledgementId seen) {}

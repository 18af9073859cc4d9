package dev.outboxsync.central;

import dev.outboxsync.event.Site;

/**
 * A site's ordered lane of changes.
 *
 * @param partition of the site's topic; a topic that is made as it must be has one
 */
public record Lane(Site site, int partition) {}

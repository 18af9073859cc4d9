/** The advertising platform as a client sees it: token, limit, faults, and what its answers say. Knows no database. */
@NullMarked
package dev.outboxsync.campaign.platform;

import org.jspecify.annotations.NullMarked;

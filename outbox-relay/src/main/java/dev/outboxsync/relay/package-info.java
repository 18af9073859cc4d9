/** Publishes what is PENDING at the site, in order, and settles what the centre acknowledges. */
@NullMarked
package dev.outboxsync.relay;

import org.jspecify.annotations.NullMarked;

/** Writes that end in the queue, or nowhere. */
@NullMarked
package dev.outboxsync.local.capture;

import org.jspecify.annotations.NullMarked;

/** Tables under sync: capturing them anew, and queueing their rows again. */
@NullMarked
package dev.outboxsync.local.resync;

import org.jspecify.annotations.NullMarked;

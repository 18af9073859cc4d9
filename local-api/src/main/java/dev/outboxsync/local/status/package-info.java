/** How the sync stands, and the retry of what was refused. */
@NullMarked
package dev.outboxsync.local.status;

import org.jspecify.annotations.NullMarked;

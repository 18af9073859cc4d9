/** From a bare database to one that captures, and whether it still does. */
@NullMarked
package dev.outboxsync.local.start;

import org.jspecify.annotations.NullMarked;

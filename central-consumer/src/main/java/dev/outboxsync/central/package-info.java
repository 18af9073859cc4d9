/** Applies each site's changes to the central database, in order and once, and acknowledges them. */
@NullMarked
package dev.outboxsync.central;

import org.jspecify.annotations.NullMarked;

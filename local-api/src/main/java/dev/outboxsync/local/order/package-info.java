/** The orders of the site. */
@NullMarked
package dev.outboxsync.local.order;

import org.jspecify.annotations.NullMarked;

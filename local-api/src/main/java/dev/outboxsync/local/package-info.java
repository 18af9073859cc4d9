/** The site's REST API: users, orders and the state of their sync. */
@NullMarked
package dev.outboxsync.local;

import org.jspecify.annotations.NullMarked;

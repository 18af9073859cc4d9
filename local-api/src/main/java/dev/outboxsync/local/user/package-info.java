/** The users of the site. */
@NullMarked
package dev.outboxsync.local.user;

import org.jspecify.annotations.NullMarked;

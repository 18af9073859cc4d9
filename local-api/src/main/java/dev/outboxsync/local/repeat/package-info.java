/** Requests that a client may repeat without their being done twice. */
@NullMarked
package dev.outboxsync.local.repeat;

import org.jspecify.annotations.NullMarked;

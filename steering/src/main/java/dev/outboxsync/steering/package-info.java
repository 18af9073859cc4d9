/** Who may steer: the token in front of what changes how sync behaves, and the loopback in front of all the rest. */
@NullMarked
package dev.outboxsync.steering;

import org.jspecify.annotations.NullMarked;

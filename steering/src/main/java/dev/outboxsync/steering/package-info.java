/** Who may steer. */
@NullMarked
package dev.outboxsync.steering;

import org.jspecify.annotations.NullMarked;

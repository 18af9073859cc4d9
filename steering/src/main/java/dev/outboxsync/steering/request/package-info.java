/** What the requests of several services have in common: ids in paths, parameters of lists. */
@NullMarked
package dev.outboxsync.steering.request;

import org.jspecify.annotations.NullMarked;

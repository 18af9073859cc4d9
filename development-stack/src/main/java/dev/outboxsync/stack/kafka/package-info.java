/** What the stack reads from Kafka itself. */
@NullMarked
package dev.outboxsync.stack.kafka;

import org.jspecify.annotations.NullMarked;

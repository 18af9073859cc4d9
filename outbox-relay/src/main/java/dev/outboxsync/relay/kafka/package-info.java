/** The relay's link to the log, over Kafka. */
@NullMarked
package dev.outboxsync.relay.kafka;

import org.jspecify.annotations.NullMarked;

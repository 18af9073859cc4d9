/** The centre's end of Kafka: one ordered lane per site. */
@NullMarked
package dev.outboxsync.central.kafka;

import org.jspecify.annotations.NullMarked;

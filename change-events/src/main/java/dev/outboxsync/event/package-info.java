/** What travels over Kafka. */
@NullMarked
package dev.outboxsync.event;

import org.jspecify.annotations.NullMarked;

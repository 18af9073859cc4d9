/** Real MySQL and Kafka as private processes, for the demo and for every test. */
@NullMarked
package dev.outboxsync.stack;

import org.jspecify.annotations.NullMarked;

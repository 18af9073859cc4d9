/** What the broker knows of a benchmark's work. */
@NullMarked
package dev.outboxsync.benchmark.kafka;

import org.jspecify.annotations.NullMarked;

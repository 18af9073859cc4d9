/** Measures the product against a plain copy of the same rows, in one run. */
@NullMarked
package dev.outboxsync.benchmark;

import org.jspecify.annotations.NullMarked;

/** For people: what is in the quarantine, and what is to become of it. */
@NullMarked
package dev.outboxsync.central.quarantine;

import org.jspecify.annotations.NullMarked;

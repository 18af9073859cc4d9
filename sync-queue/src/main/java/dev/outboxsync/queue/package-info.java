/** The queue in the site's database: the only owner of table sync_queue. */
@NullMarked
package dev.outboxsync.queue;

import org.jspecify.annotations.NullMarked;

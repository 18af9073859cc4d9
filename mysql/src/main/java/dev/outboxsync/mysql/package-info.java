/** What every service needs of MySQL. */
@NullMarked
package dev.outboxsync.mysql;

import org.jspecify.annotations.NullMarked;

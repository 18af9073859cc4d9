/** What a client sends, checked before anything is done. */
@NullMarked
package dev.outboxsync.local.request;

import org.jspecify.annotations.NullMarked;

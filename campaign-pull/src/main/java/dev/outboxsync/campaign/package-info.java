/** Pulls the campaigns of an advertising platform into DB_A, page by page, and has the platform sync each that changed. */
@NullMarked
package dev.outboxsync.campaign;

import org.jspecify.annotations.NullMarked;

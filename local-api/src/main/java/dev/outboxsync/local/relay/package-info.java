/** The relay of the site, as far as this API passes requests on to it. */
@NullMarked
package dev.outboxsync.local.relay;

import org.jspecify.annotations.NullMarked;

/** Every refusal of our services as RFC 9457 {@code application/problem+json}, Tomcat's own refusals included. */
@NullMarked
package dev.outboxsync.steering.problem;

import org.jspecify.annotations.NullMarked;

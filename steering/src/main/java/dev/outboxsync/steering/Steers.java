package dev.outboxsync.steering;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a controller's method that changes how sync behaves, or shows what sites have sent: it is called only with {@code Authorization: Bearer} and
 * the service's token. The mark is on the method, not on a path, so that no way of writing a path leads around it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Steers {}

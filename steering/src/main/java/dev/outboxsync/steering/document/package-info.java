/** Each service's own description: OpenAPI at {@code /v3/api-docs}, and a page that shows it at {@code /swagger-ui.html}. */
@NullMarked
package dev.outboxsync.steering.document;

import org.jspecify.annotations.NullMarked;

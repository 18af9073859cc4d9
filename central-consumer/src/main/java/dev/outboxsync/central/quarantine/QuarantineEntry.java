package dev.outboxsync.central.quarantine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A record in quarantine, without what it holds.
 *
 * @param site whose topic it came from
 * @param reason why it is no change event
 * @param detail the field to blame, where there is one
 * @param keySize bytes; null where it had no key
 * @param valueSize bytes; null for a tombstone
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record QuarantineEntry(
        @JsonProperty("id") long id,
        @JsonProperty("site") String site,
        @JsonProperty("topic") String topic,
        @JsonProperty("partition") int partition,
        @JsonProperty("offset") long offset,
        @JsonProperty("quarantined_at") String quarantinedAt,
        @JsonProperty("reason") String reason,
        @JsonProperty("detail") @Nullable String detail,
        @JsonProperty("key_size") @Nullable Integer keySize,
        @JsonProperty("value_size") @Nullable Integer valueSize) {}

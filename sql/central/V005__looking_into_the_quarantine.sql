-- People look into the quarantine, take entries out, and may have them read again.

ALTER TABLE sync_quarantine
    ADD COLUMN record_headers JSON NULL COMMENT 'Headers of the record in their order: [name, value in hexadecimal or null]; NULL where it had none' AFTER record_value,
    ADD COLUMN key_size INT AS (LENGTH(record_key)) STORED COMMENT 'Bytes of the key; NULL where it had none',
    ADD COLUMN value_size INT AS (LENGTH(record_value)) STORED COMMENT 'Bytes of the value; NULL for a tombstone',
    ADD KEY by_topic (topic, id),
    ADD KEY by_time (quarantined_at);

-- What has to reach the centre. Rows are written by the capture triggers alone, in the writer's own transaction.

CREATE TABLE sync_queue (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Version of the record and place in the order: given while the record''s row is locked',
    table_name VARCHAR(64) NOT NULL COMMENT 'Table of the changed record',
    record_id VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'Key of the record as text; a JSON array for a composite key, hexadecimal for a binary one',
    operation VARCHAR(6) NOT NULL COMMENT 'INSERT, UPDATE or DELETE',
    last_updated_at DATETIME(6) NOT NULL COMMENT 'When the change was captured, UTC',
    sync_status VARCHAR(7) NOT NULL DEFAULT 'PENDING' COMMENT 'PENDING until the centre has acknowledged; then SYNCED, or FAILED when it refused for good',
    retry_count INT NOT NULL DEFAULT 0 COMMENT 'Attempts that failed; waiting offline is none',
    payload JSON NOT NULL COMMENT 'The whole row after the change (before it, for DELETE), each value as text',
    epoch INT NULL COMMENT 'Epoch of the site in which the row was settled',
    last_error VARCHAR(500) NULL COMMENT 'Reason of the last failed attempt; names a key or column, never a value',
    refused_since DATETIME(6) NULL COMMENT 'When the centre first refused what it may yet catch up with, UTC',
    traceparent VARCHAR(55) NULL COMMENT 'W3C trace context of the writer, where it set one',
    PRIMARY KEY (id),
    KEY by_status (sync_status, id) COMMENT 'The relay''s page, the status list, the count of PENDING',
    KEY by_record (table_name, record_id, id) COMMENT 'The latest entry of one record',
    CONSTRAINT sync_queue_operation CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
    CONSTRAINT sync_queue_status CHECK (sync_status IN ('PENDING', 'SYNCED', 'FAILED')),
    CONSTRAINT sync_queue_retry_count CHECK (retry_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Every committed change of a synced table, and what became of it';

CREATE TABLE sync_receipt (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Number of the receipt',
    epoch INT NOT NULL COMMENT 'Epoch in which the rows were settled',
    first_sequence BIGINT NOT NULL COMMENT 'First sync_queue.id of a run without gaps',
    last_sequence BIGINT NOT NULL COMMENT 'Last sync_queue.id of the run',
    committed_at DATETIME(6) NOT NULL COMMENT 'When DB_B had committed these changes, UTC, by the centre''s clock',
    acknowledgement_number BIGINT NOT NULL COMMENT 'Number of the acknowledgement',
    topic VARCHAR(249) NOT NULL COMMENT 'Topic that carried the changes',
    from_offset BIGINT NOT NULL COMMENT 'Offset of the first change of the acknowledged batch in that topic',
    acknowledgement_offset BIGINT NOT NULL COMMENT 'Offset of the acknowledgement in the site''s topic of acknowledgements',
    PRIMARY KEY (id),
    KEY by_sequence (first_sequence)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Proof of each run of rows that became SYNCED';

CREATE TABLE sync_site (
    id TINYINT NOT NULL DEFAULT 1 COMMENT 'Always 1: a database belongs to one site',
    site VARCHAR(40) NOT NULL COMMENT 'Name of the site, part of its topics'' names',
    epoch INT NOT NULL DEFAULT 1 COMMENT 'Grows when either database was set back; versions compare by epoch, then sequence',
    acknowledgement_number BIGINT NOT NULL DEFAULT 0 COMMENT 'Greatest number of an acknowledgement that was settled',
    online BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'The switch: FALSE holds the relay back',
    configured_online BOOLEAN NULL COMMENT 'IS_ONLINE at the relay''s last start: a changed one wins over the switch',
    synced BIGINT NOT NULL DEFAULT 0 COMMENT 'Rows of sync_queue that are SYNCED, counted by whoever changes statuses',
    failed BIGINT NOT NULL DEFAULT 0 COMMENT 'Rows of sync_queue that are FAILED, likewise',
    last_synced_at DATETIME(6) NULL COMMENT 'When rows last became SYNCED, UTC',
    PRIMARY KEY (id),
    CONSTRAINT sync_site_single CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What the site knows of itself: one row';

CREATE TABLE sync_lease (
    id TINYINT NOT NULL DEFAULT 1 COMMENT 'Always 1: one relay leads',
    holder VARCHAR(64) NOT NULL COMMENT 'The relay that leads',
    expires_at DATETIME(6) NOT NULL COMMENT 'Until when, UTC, by this database''s clock',
    PRIMARY KEY (id),
    CONSTRAINT sync_lease_single CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Which relay leads: one row';

INSERT INTO sync_lease (id, holder, expires_at) VALUES (1, '', '2000-01-01 00:00:00');

-- Without the TRIGGER privilege information_schema shows no triggers, and with it they could be dropped: so the services ask here.
CREATE PROCEDURE sync_triggers() COMMENT 'The triggers of this schema, for services that may not see them themselves'
    READS SQL DATA SQL SECURITY DEFINER
SELECT trigger_name, event_object_table, action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE();

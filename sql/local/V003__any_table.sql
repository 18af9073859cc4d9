-- Any table, any site: sweeps, the site's number, resyncs, and what the services may know of foreign keys.

ALTER TABLE sync_queue
    DROP CHECK sync_queue_operation,
    MODIFY operation VARCHAR(6) NOT NULL COMMENT 'INSERT, UPDATE, DELETE; or SWEEP: the end of a resync that deletes what is missing here',
    ADD CONSTRAINT sync_queue_operation CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE', 'SWEEP'));

ALTER TABLE sync_site
    ADD COLUMN number SMALLINT NOT NULL DEFAULT 0 COMMENT 'Number of the site: its generated keys begin at number * 10^12 + 1';

CREATE TABLE sync_resync (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Place in the order: parents before children',
    request BIGINT NOT NULL COMMENT 'Tables of one request are swept together, children before parents',
    table_name VARCHAR(64) NOT NULL COMMENT 'Table whose rows are queued again',
    from_key VARCHAR(255) NULL COMMENT 'Lowest value of the key''s first column, as in a row image; NULL for no bound',
    to_key VARCHAR(255) NULL COMMENT 'Highest value of the key''s first column; NULL for no bound',
    delete_missing BOOLEAN NOT NULL COMMENT 'Whether the centre is to delete what is not here any more',
    since BIGINT NOT NULL COMMENT 'A sync_queue.id below that of every row that this resync queues',
    state VARCHAR(8) NOT NULL DEFAULT 'QUEUEING' COMMENT 'PLANNED while the table''s triggers are made, QUEUEING rows, WAITING until they are acknowledged before the sweep, DONE',
    cursor_key TEXT NULL COMMENT 'Key of the row that the next chunk begins with, a JSON array; NULL at the beginning',
    row_count BIGINT NULL COMMENT 'Rows in range when it began',
    queued BIGINT NOT NULL DEFAULT 0 COMMENT 'Rows queued so far',
    last_sequence BIGINT NULL COMMENT 'A sync_queue.id not below that of any row that this resync queued',
    problem VARCHAR(500) NULL COMMENT 'Why it ended early, in words',
    requested_at DATETIME(6) NOT NULL COMMENT 'When it was asked for, UTC',
    finished_at DATETIME(6) NULL COMMENT 'When it was DONE, UTC',
    PRIMARY KEY (id),
    KEY by_state (state, id),
    CONSTRAINT sync_resync_state CHECK (state IN ('PLANNED', 'QUEUEING', 'WAITING', 'DONE'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Tables whose rows are, or were, queued again';

DROP PROCEDURE sync_triggers;

CREATE PROCEDURE sync_triggers() COMMENT 'The triggers of this schema, for services that may not see them themselves'
    READS SQL DATA SQL SECURITY DEFINER
SELECT trigger_name AS name, event_object_table AS table_name, action_timing AS timing, event_manipulation AS event,
       action_order AS place, action_statement AS body
FROM information_schema.triggers
WHERE trigger_schema = DATABASE()
ORDER BY event_object_table, action_timing, event_manipulation, action_order;

CREATE PROCEDURE sync_foreign_keys() COMMENT 'The foreign keys of this schema, for services that may not see every table'
    READS SQL DATA SQL SECURITY DEFINER
SELECT k.constraint_name AS name, k.table_name AS child, k.column_name AS child_column,
       IF(k.referenced_table_schema = DATABASE(), k.referenced_table_name, '') AS parent, k.referenced_column_name AS parent_column,
       r.delete_rule AS delete_rule, r.update_rule AS update_rule
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.constraint_schema = DATABASE() AND k.referenced_table_schema IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position;

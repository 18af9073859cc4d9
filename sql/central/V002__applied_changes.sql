-- What the centre remembers: written in the transaction of the change itself.

CREATE TABLE sync_site (
    site VARCHAR(40) NOT NULL COMMENT 'Name of the site, taken from its topic',
    epoch INT NOT NULL COMMENT 'Epoch of the site last seen; older ones are refused',
    acknowledgement_number BIGINT NOT NULL DEFAULT 0 COMMENT 'Number of the last acknowledgement; grows by one with each',
    PRIMARY KEY (site)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'One row per site, locked while its changes are applied';

CREATE TABLE sync_version (
    table_name VARCHAR(64) NOT NULL COMMENT 'Table of the record',
    record_id VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'Key of the record as text, as in the change event',
    site VARCHAR(40) NOT NULL COMMENT 'The site that first delivered the record: it owns it',
    epoch INT NOT NULL COMMENT 'Epoch of the last applied change',
    sequence BIGINT NOT NULL COMMENT 'Sequence of the last applied change',
    deleted BOOLEAN NOT NULL COMMENT 'TRUE when that change was a DELETE: kept, so that a late duplicate cannot bring the row back',
    PRIMARY KEY (table_name, record_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Last applied version of every record, deleted ones too';

CREATE TABLE sync_quarantine (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Number of the entry',
    topic VARCHAR(249) NOT NULL COMMENT 'Topic of the record',
    topic_partition INT NOT NULL COMMENT 'Partition of the record',
    topic_offset BIGINT NOT NULL COMMENT 'Offset of the record',
    record_key LONGBLOB NULL COMMENT 'Key of the record, byte for byte',
    record_value LONGBLOB NULL COMMENT 'Value of the record, byte for byte',
    value_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the value: tells a redelivery from another record of a topic that was made anew',
    reason VARCHAR(40) NOT NULL COMMENT 'Why it is no change event',
    detail VARCHAR(200) NULL COMMENT 'The field concerned; never a value',
    quarantined_at DATETIME(6) NOT NULL COMMENT 'When, UTC',
    PRIMARY KEY (id),
    UNIQUE KEY by_place (topic, topic_partition, topic_offset, value_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Records that are no change events, kept as they came';

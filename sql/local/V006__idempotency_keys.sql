-- What clients were told about records that they made under an Idempotency-Key, so that a repeat makes none.

CREATE TABLE idempotency_keys (
    idempotency_key VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'As the client sent it, without its quotes',
    fingerprint CHAR(64) NOT NULL COMMENT 'SHA-256 of what was asked for: the same key with another request is a mistake',
    answer MEDIUMTEXT NULL COMMENT 'The record and its entry of the queue as they were made; NULL only within the transaction that makes them',
    created_at DATETIME(6) NOT NULL COMMENT 'When the record was made, UTC; purged by age',
    PRIMARY KEY (idempotency_key),
    KEY by_age (created_at) COMMENT 'The purge'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Requests that are answered again, not done again';

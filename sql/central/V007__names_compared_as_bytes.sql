-- Looked up for every change: bytes are sooner compared than letters.

ALTER TABLE sync_version
    MODIFY table_name VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'Table of the record';

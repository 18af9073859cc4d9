-- Databases that are restored from a backup: how the site notices it, and what it then has to send again.

ALTER TABLE sync_site
    ADD COLUMN acknowledgement_mark VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'Random mark of that acknowledgement: a restored DB_B gives the same number with another one' AFTER acknowledgement_number,
    ADD COLUMN resync_due VARCHAR(14) NULL COMMENT 'What the epoch that began has to send again: ROWS, or ROWS_AND_SWEEP; NULL once that is requested',
    ADD CONSTRAINT sync_site_resync_due CHECK (resync_due IN ('ROWS', 'ROWS_AND_SWEEP'));

-- Acknowledgements that bore no mark cannot be told from those of a restored DB_B.
UPDATE sync_site SET acknowledgement_number = 0;

ALTER TABLE sync_lease
    ADD COLUMN beat BIGINT NOT NULL DEFAULT 0 COMMENT 'Changed whenever the holder extends the lease: in a restored database it is not the one that the holder knows';

ALTER TABLE sync_resync
    ADD COLUMN cause VARCHAR(14) NOT NULL DEFAULT 'REQUESTED' COMMENT 'REQUESTED by a person, NEW_TABLE, or the database that was restored: DB_A_WENT_BACK, DB_B_WENT_BACK',
    ADD COLUMN since_epoch INT NOT NULL DEFAULT 1 COMMENT 'The site''s epoch when it was asked for: since is a sequence of it',
    ADD COLUMN sweep_sequence BIGINT NULL COMMENT 'The sync_queue.id of its sweep; NULL before that';

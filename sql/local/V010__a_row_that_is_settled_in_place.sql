-- Names are compared as bytes, and the columns that settling changes keep their width: a row is then settled where it
-- stands, at two thirds of the cost (decision record 22). And nobody deletes what has not arrived.

ALTER TABLE sync_queue
    MODIFY table_name VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'Table of the changed record',
    MODIFY operation VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'INSERT, UPDATE, DELETE; or SWEEP: the end of a resync that deletes what is missing here',
    MODIFY sync_status CHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'PENDING' COMMENT 'PENDING until the centre has acknowledged; then SYNCED, or FAILED when it refused for good';

UPDATE sync_queue SET epoch = 0 WHERE epoch IS NULL;

ALTER TABLE sync_queue
    MODIFY epoch INT NOT NULL DEFAULT 0 COMMENT 'Epoch of the site in which the row was settled; 0 before that';

CREATE TRIGGER sync_queue_keeps_what_has_not_arrived BEFORE DELETE ON sync_queue FOR EACH ROW
BEGIN
    IF OLD.sync_status <> 'SYNCED' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'sync_queue: this change has not arrived in DB_B; only SYNCED rows may be deleted';
    END IF;
END;

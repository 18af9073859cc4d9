-- A session's SET INSERT_ID would choose the id of a change: an old one passes for arrived, and behind the highest there is
-- none left. The first trigger looks before an id is taken, for a rollback does not give it back; it cannot see a 0.

CREATE TRIGGER sync_queue_numbers_changes_itself BEFORE INSERT ON sync_queue FOR EACH ROW
BEGIN
    IF @@insert_id > 0 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'sync_queue: SET INSERT_ID would choose the id of this change; name the id in the INSERT itself';
    END IF;
END;

CREATE TRIGGER sync_queue_numbers_changes_from_1 AFTER INSERT ON sync_queue FOR EACH ROW
BEGIN
    IF NEW.id < 1 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'sync_queue: a change is numbered from 1 on; leave its id, and INSERT_ID, to MySQL';
    END IF;
END;

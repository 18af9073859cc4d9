-- Without the TRIGGER privilege information_schema shows no triggers: the centre, which must not drop any, asks here.
CREATE PROCEDURE sync_triggers() COMMENT 'The triggers of this schema, for the centre, which may not see them itself'
    READS SQL DATA SQL SECURITY DEFINER
SELECT event_object_table AS table_name, trigger_name AS name, action_statement AS body
FROM information_schema.triggers
WHERE trigger_schema = DATABASE()
ORDER BY event_object_table, trigger_name;

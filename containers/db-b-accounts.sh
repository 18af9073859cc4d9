# Makes the users of DB_B once, when its volume is new; MySQL's image sources it. Tables and grants are the centre's
# own matter: the role stays empty until central-consumer has migrated.
text() { local s=${1//\\/\\\\}; printf "'%s'" "${s//\'/\\\'}"; }

docker_process_sql << SQL
CREATE ROLE outbox_sync_centre;
CREATE USER outbox_admin IDENTIFIED BY $(text "$ADMIN_PASSWORD");
GRANT ALL ON central_db.* TO outbox_admin WITH GRANT OPTION;
GRANT CREATE ROLE ON *.* TO outbox_admin;
CREATE USER outbox_centre IDENTIFIED BY $(text "$CENTRE_PASSWORD");
GRANT outbox_sync_centre TO outbox_centre;
SET DEFAULT ROLE outbox_sync_centre TO outbox_centre;
SQL

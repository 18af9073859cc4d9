# Makes the users of DB_A once, when its volume is new; MySQL's image sources it. Tables and grants are the services'
# own matter: the roles stay empty until local-api has migrated.
text() { local s=${1//\\/\\\\}; printf "'%s'" "${s//\'/\\\'}"; }

docker_process_sql << SQL
CREATE ROLE outbox_sync_api, outbox_sync_relay, outbox_sync_campaigns;
CREATE USER outbox_admin IDENTIFIED BY $(text "$ADMIN_PASSWORD");
GRANT ALL ON local_db.* TO outbox_admin WITH GRANT OPTION;
GRANT CREATE ROLE ON *.* TO outbox_admin;
CREATE USER outbox_api IDENTIFIED BY $(text "$API_PASSWORD");
GRANT outbox_sync_api TO outbox_api;
SET DEFAULT ROLE outbox_sync_api TO outbox_api;
CREATE USER outbox_relay IDENTIFIED BY $(text "$RELAY_PASSWORD");
GRANT outbox_sync_relay TO outbox_relay;
SET DEFAULT ROLE outbox_sync_relay TO outbox_relay;
SQL

# Only who pulls campaigns has set this one.
if [ -n "${CAMPAIGNS_PASSWORD:-}" ]; then
  docker_process_sql << SQL
CREATE USER outbox_campaigns IDENTIFIED BY $(text "$CAMPAIGNS_PASSWORD");
GRANT outbox_sync_campaigns TO outbox_campaigns;
SET DEFAULT ROLE outbox_sync_campaigns TO outbox_campaigns;
SQL
fi

#!/bin/bash
# Makes users, rights and topics on a broker that asks who comes, as its administrator; what is there stays, passwords are
# set anew. In docker-compose.secure.yml it runs beside the broker, whose administrator comes by the loopback alone.
#   ADMIN_PASSWORD, CENTRE_PASSWORD   of the users admin and centre
#   SITES                             "site-1=PASSWORD site-2=PASSWORD": a site's user bears its name
#   BOOTSTRAP_SERVERS                 127.0.0.1:9094, the listener of administrators
#   ADMIN_CONFIG                      a file of client settings, in place of ADMIN_PASSWORD
# Passwords are letters, digits, - and _. They go by files, for command lines can be read by every process.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kafka=${KAFKA_BIN:-/opt/kafka/bin}
servers=${BOOTSTRAP_SERVERS:-127.0.0.1:9094}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077

if [ -z "${ADMIN_CONFIG:-}" ]; then
  ADMIN_CONFIG=$work/admin.properties
  cat > "$ADMIN_CONFIG" << CONFIG
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="$ADMIN_PASSWORD";
CONFIG
fi

add_user() { # role, user, password, site
  case "$3" in *[!A-Za-z0-9_-]* | '') echo "The password of $2 must be letters, digits, - and _." >&2; exit 1 ;; esac
  printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "$3" > "$work/user"
  "$kafka/kafka-configs.sh" --bootstrap-server "$servers" --command-config "$ADMIN_CONFIG" \
    --alter --entity-type users --entity-name "$2" --add-config-file "$work/user"
  while read -r role operation resource pattern name; do
    [ "$role" = "$1" ] || continue
    "$kafka/kafka-acls.sh" --bootstrap-server "$servers" --command-config "$ADMIN_CONFIG" --add \
      --allow-principal "User:$2" --operation "$operation" "--$resource" "${name/SITE/$4}" --resource-pattern-type "$pattern"
  done < "$here/kafka-rights"
}

for entry in $SITES; do
  site=${entry%%=*}
  add_user site "$site" "${entry#*=}" "$site"
  for topic in "sync.changes.$site" "sync.acks.$site"; do
    "$kafka/kafka-topics.sh" --bootstrap-server "$servers" --command-config "$ADMIN_CONFIG" --create --if-not-exists \
      --topic "$topic" --partitions 1 --replication-factor "${REPLICAS:-1}" \
      --config retention.ms=2678400000 --config segment.index.bytes=1048576
  done
done
add_user centre centre "$CENTRE_PASSWORD" ''

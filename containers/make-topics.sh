#!/bin/sh
# Makes the topics of one site where they are missing: one partition, for order; kept longer than any outage of the
# centre. The relay knows the same values (relay.topics).
set -eu
for topic in "sync.changes.$SITE_ID" "sync.acks.$SITE_ID"; do
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic "$topic" \
    --partitions 1 --replication-factor 1 --config retention.ms=2678400000 --config segment.index.bytes=1048576
done

-- A client: all that a verdict or the name of a client stack rests on, as one number. Adding up the days of the roll-up by it costs a tenth of
-- adding them up by its columns. 128 bits, so that nobody can send a user agent whose traffic counts as that of somebody else.
ALTER TABLE usage ADD COLUMN IF NOT EXISTS client SimpleAggregateFunction(any, UInt128) MATERIALIZED reinterpretAsUInt128(sipHash128(service, account, source, attributed_by,
  confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent)) CODEC(NONE);

ALTER TABLE usage MATERIALIZE COLUMN client SETTINGS mutations_sync = 2;

-- What is behind the number, and when it was ever seen. Rows only say «not later than» and «not earlier than», so that taking in the same
-- batch again after a crash changes nothing.
CREATE TABLE IF NOT EXISTS clients (
  client UInt128,
  service LowCardinality(String),
  account String,
  source LowCardinality(String),
  attributed_by LowCardinality(String),
  confidence LowCardinality(String),
  shape String,
  offered_max UInt16,
  negotiated UInt16,
  suite UInt32,
  outcome LowCardinality(String),
  reason LowCardinality(String),
  retry Bool,
  user_agent String,
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
) ENGINE = AggregatingMergeTree
PRIMARY KEY client
ORDER BY (client, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_clients TO clients AS
SELECT client, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM usage
GROUP BY client, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent;

INSERT INTO clients
SELECT client, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM usage
GROUP BY client, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent;

-- One row per connection or operation. A lot is what one collector took in on one UTC day: the unit in which the roll-up can be made again
-- from these rows. Raw rows expire; the roll-up stays.
CREATE TABLE IF NOT EXISTS observations (
  lot Date,
  collector LowCardinality(String),
  batch String,
  seq UInt64,
  at DateTime64(3, 'UTC'),
  service LowCardinality(String),
  account String,
  attributed_by LowCardinality(String),
  confidence LowCardinality(String),
  source LowCardinality(String),
  address String,
  sni String,
  shape String,
  offered_max UInt16,
  negotiated UInt16,
  suite UInt32,
  `group` UInt16,
  outcome LowCardinality(String),
  reason LowCardinality(String),
  breaks LowCardinality(String),
  retry Bool,
  operation String,
  user_agent String,
  count UInt32
) ENGINE = MergeTree
PARTITION BY (lot, collector)
ORDER BY (batch, seq)
TTL lot + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- What a source read and could not use, by reason; line is the number of the first such line.
CREATE TABLE IF NOT EXISTS skips (
  lot Date,
  collector LowCardinality(String),
  batch String,
  at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  source LowCardinality(String),
  why String,
  lines SimpleAggregateFunction(sum, UInt64),
  line SimpleAggregateFunction(min, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY (lot, collector)
ORDER BY (batch, source, why)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The one entrance: whatever is read, in one pass, becomes an observation or a skip.
CREATE TABLE IF NOT EXISTS intake (
  lot Date,
  collector LowCardinality(String),
  batch String,
  seq UInt64,
  why LowCardinality(String),
  at DateTime64(3, 'UTC'),
  service LowCardinality(String),
  account String,
  attributed_by LowCardinality(String),
  confidence LowCardinality(String),
  source LowCardinality(String),
  address String,
  sni String,
  shape String,
  offered_max UInt16,
  negotiated UInt16,
  suite UInt32,
  `group` UInt16,
  outcome LowCardinality(String),
  reason LowCardinality(String),
  breaks LowCardinality(String),
  retry Bool,
  operation String,
  user_agent String,
  count UInt32
) ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS intake_observations TO observations AS
SELECT * EXCEPT (why) FROM intake WHERE why = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS intake_skips TO skips AS
SELECT lot, collector, batch, max(now64(3, 'UTC')) AS at, source, why, sum(toUInt64(count)) AS lines, min(seq) AS line
FROM intake WHERE why != '' GROUP BY lot, collector, batch, source, why;

-- Distinct hellos. ja3 and the rest are those of the first hello seen with the shape.
CREATE TABLE IF NOT EXISTS hellos (
  shape String,
  format LowCardinality(String),
  record_version UInt16,
  legacy_version UInt16,
  supported_versions Array(UInt16),
  suites Array(UInt16),
  sslv2_specs Array(UInt32),
  compression Array(UInt8),
  extensions Array(UInt16),
  without_extensions Bool,
  groups Array(UInt16),
  point_formats Array(UInt8),
  signature_schemes Array(UInt16),
  signature_schemes_cert Array(UInt16),
  alpn Array(String),
  key_share_groups Array(UInt16),
  psk_modes Array(UInt8),
  offers_psk Bool,
  extended_master_secret Bool,
  session_ticket Bool,
  ech Bool,
  ja3 String,
  ja4 String,
  ja4_r String
) ENGINE = ReplacingMergeTree
ORDER BY shape;

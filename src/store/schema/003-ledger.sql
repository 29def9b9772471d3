-- What was taken in. A batch has a row `begun` before its rows are written and a row `done` after; begun and not done means in doubt.
CREATE TABLE IF NOT EXISTS batches (
  batch String,
  state LowCardinality(String),
  at DateTime64(3, 'UTC'),
  lot Date,
  collector LowCardinality(String),
  kind LowCardinality(String),
  origin String,
  source LowCardinality(String),
  attempt String,
  observations UInt64,
  skipped UInt64,
  fingerprint String,
  size_bytes UInt64,
  head String,
  foot String
) ENGINE = MergeTree
ORDER BY (batch, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Append-only: each entry holds the hash of the one before it.
CREATE TABLE IF NOT EXISTS audit (
  seq UInt64,
  at DateTime64(3, 'UTC'),
  actor String,
  action LowCardinality(String),
  subject String,
  detail String,
  previous String,
  hash String
) ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

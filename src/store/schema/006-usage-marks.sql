-- The rows of one account of a quarter lie in some 90 lots: what such a question costs is opening them and reading around those rows. A lot in one
-- file and with eight times as many marks halves it. A table is made with its marks, so that it is made again here, in one step: cut off before its
-- end, the old one stays.
ALTER TABLE usage MODIFY SETTING min_bytes_for_wide_part = 1000000000, min_rows_for_wide_part = 1000000000;

CREATE OR REPLACE TABLE usage (
  lot Date,
  collector LowCardinality(String),
  day Date,
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
  breaks LowCardinality(String),
  retry Bool,
  operation String,
  user_agent String,
  connections SimpleAggregateFunction(sum, UInt64),
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  hours SimpleAggregateFunction(sumMap, Map(UInt8, UInt64)),
  addresses AggregateFunction(uniqCombined(12), String),
  snis AggregateFunction(groupUniqArray(8), String),
  client SimpleAggregateFunction(any, UInt128) MATERIALIZED reinterpretAsUInt128(sipHash128(service, account, source, attributed_by,
    confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent)) CODEC(NONE)
) ENGINE = AggregatingMergeTree
PARTITION BY (lot, collector)
PRIMARY KEY (day, service, account)
ORDER BY (day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, breaks, retry,
  operation, user_agent)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024, min_bytes_for_wide_part = 1000000000,
  min_rows_for_wide_part = 1000000000
AS SELECT * FROM usage
SETTINGS max_partitions_per_insert_block = 0;

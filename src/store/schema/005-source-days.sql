-- What each source delivered on each day, by hours of the week: a row for a source and a day, so that its gaps are told without reading the
-- hours of every client. Made from the roll-up, and like it again for a lot. Whatever a run that was cut off left here is made again.
CREATE TABLE IF NOT EXISTS source_days (
  lot Date,
  collector LowCardinality(String),
  day Date,
  source LowCardinality(String),
  connections SimpleAggregateFunction(sum, UInt64),
  hours SimpleAggregateFunction(sumMap, Map(UInt8, UInt64))
) ENGINE = AggregatingMergeTree
PARTITION BY (lot, collector)
ORDER BY (day, source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

TRUNCATE TABLE source_days;

INSERT INTO source_days
SELECT lot, collector, day, source, sum(connections) AS connections, sumMap(hours) AS hours
FROM usage
GROUP BY lot, collector, day, source
SETTINGS max_partitions_per_insert_block = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_source_days TO source_days AS
SELECT lot, collector, day, source, sum(connections) AS connections, sumMap(hours) AS hours
FROM usage
GROUP BY lot, collector, day, source;

-- The daily roll-up, from which all questions are answered. The first level counts by hour and address, the second folds the hours of the
-- week (Monday 00:00 UTC is 0) and the addresses into one row.
CREATE TABLE IF NOT EXISTS usage (
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
  snis AggregateFunction(groupUniqArray(8), String)
) ENGINE = AggregatingMergeTree
PARTITION BY (lot, collector)
PRIMARY KEY (day, service, account)
ORDER BY (day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, breaks, retry,
  operation, user_agent)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS observations_usage TO usage AS
SELECT lot, collector, day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason,
  breaks, retry, operation, user_agent,
  sum(seen) AS connections,
  min(first) AS first_seen,
  max(last) AS last_seen,
  sumMap(map(hour, seen)) AS hours,
  uniqCombinedMergeState(12)(address_state) AS addresses,
  groupUniqArrayMergeState(8)(sni_state) AS snis
FROM (
  SELECT lot, collector, toDate(at) AS day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite,
    outcome, reason, breaks, retry, operation, user_agent,
    toUInt8((toDayOfWeek(at) - 1) * 24 + toHour(at)) AS hour,
    sum(toUInt64(count)) AS seen,
    min(at) AS first,
    max(at) AS last,
    uniqCombinedStateIf(12)(address, address != '') AS address_state,
    groupUniqArrayStateIf(8)(sni, sni != '') AS sni_state
  FROM observations
  GROUP BY lot, collector, day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason,
    breaks, retry, operation, user_agent, hour
)
GROUP BY lot, collector, day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason,
  breaks, retry, operation, user_agent;

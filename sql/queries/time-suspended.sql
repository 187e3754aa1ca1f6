-- Time suspended by reason
--
-- Question: for how long have markets been suspended, for which reason?
-- Who asks: who answers for turnover: a suspended market sells nothing. A suspension with two reasons counts for both, and one
-- that lasts counts when it ends.
-- Runs: streaming, batch
--
-- Sample output:
--   reason        | market | suspensions | seconds | longest
--   goal          | h2h    | 1           | 70      | 70
--   goal          | totals | 1           | 30      | 30
--   source_silent | h2h    | 2           | 12      | 8
--   trader        | h2h    | 1           | 300     | 300
--   var           | h2h    | 1           | 70      | 70
SELECT reason, market, COUNT(*) AS suspensions,
  SUM(TIMESTAMPDIFF(SECOND, from_time, to_time)) AS seconds,
  MAX(TIMESTAMPDIFF(SECOND, from_time, to_time)) AS longest
FROM suspension_reasons
WHERE to_time IS NOT NULL
GROUP BY reason, market;

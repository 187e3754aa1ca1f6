-- Stale quotes
--
-- Question: which bookmaker's price is a minute or more older than the newest that anybody quotes in the same market?
-- Who asks: a trader who wonders whose price to believe. All silent alike is not seen here, but in feed_health.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line | bookmaker | source       | stamp_time              | behind_seconds
--   oddsapi:ars-che | h2h    |      | Birch     | oddsapi/odds | 2026-06-20 15:00:00.000 | 100
SELECT q.match_id, q.market, q.line, q.bookmaker, q.source, q.stamp_time,
  TIMESTAMPDIFF(SECOND, q.stamp_time, n.newest) AS behind_seconds
FROM quotes AS q
JOIN (
  SELECT match_id, market, MAX(stamp_time) AS newest
  FROM quotes
  GROUP BY match_id, market
) AS n ON n.match_id = q.match_id AND n.market = q.market
WHERE q.stamp_time <= n.newest - INTERVAL '1' MINUTE;

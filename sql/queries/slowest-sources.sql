-- Slowest sources
--
-- Question: which three sources told us latest in each minute, and where was the time lost: before we read it, or after?
-- Who asks: who runs the feeds.
-- Runs: streaming, batch
--
-- Sample output:
--   begins                  | place | source           | records | told_ms | worst_ms | logged_ms
--   2026-06-20 15:00:00.000 | 1     | oddsapi/scores   | 1       | 10000   | 10000    | 4
--   2026-06-20 15:00:00.000 | 2     | oddsapi/odds     | 2       | 3000    | 4000     | 6
--   2026-06-20 15:00:00.000 | 3     | mirror/odds      | 1       | 1000    | 1000     | 1
--   2026-06-20 15:01:00.000 | 1     | manual/documents | 1       | 4       | 4        | 901
SELECT begins, place, source, records, told_ms, worst_ms, logged_ms
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY begins, ends ORDER BY told_ms DESC, source) AS place
  FROM (
    SELECT window_start AS begins, window_end AS ends, source, COUNT(*) AS records,
      AVG(told_ms) AS told_ms, MAX(told_ms) AS worst_ms, AVG(logged_ms) AS logged_ms
    FROM TABLE(TUMBLE(TABLE told_delays, DESCRIPTOR(log_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, source
  )
)
WHERE place <= 3;

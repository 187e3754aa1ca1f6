-- Line movement, open, high, low and close per minute
--
-- Question: how did each published price move, minute by minute?
-- Who asks: a trader before he changes a price; a page that draws the chart.
-- Runs: streaming, batch
--
-- Markets with a line are left out: a price at another line is another price. The first and last price of a minute are found by
-- their update's sequence, not by which comes first here.
--
-- Sample output:
--   begins                  | match_id        | market | outcome | opened | high  | low   | closed | changes
--   2026-06-20 15:00:00.000 | oddsapi:ars-che | h2h    | away    | 3.700  | 3.700 | 3.700 | 3.700  | 1
--   2026-06-20 15:00:00.000 | oddsapi:ars-che | h2h    | draw    | 3.300  | 3.300 | 3.300 | 3.300  | 1
--   2026-06-20 15:00:00.000 | oddsapi:ars-che | h2h    | home    | 2.100  | 2.200 | 2.050 | 2.150  | 4
--   2026-06-20 15:01:00.000 | manual:7        | h2h    | away    | 2.600  | 2.600 | 2.600 | 2.600  | 1
--   2026-06-20 15:01:00.000 | manual:7        | h2h    | home    | 1.500  | 1.500 | 1.500 | 1.500  | 1
--   2026-06-20 15:01:00.000 | oddsapi:ars-che | h2h    | draw    | 3.250  | 3.250 | 3.250 | 3.250  | 1
--   2026-06-20 15:01:00.000 | oddsapi:ars-che | h2h    | home    | 2.120  | 2.120 | 2.120 | 2.120  | 1
SELECT window_start AS begins, match_id, market, outcome,
  CAST(SPLIT_INDEX(MIN(sequence || ' ' || CAST(price AS STRING)), ' ', 1) AS DECIMAL(10, 3)) AS opened,
  MAX(price) AS high,
  MIN(price) AS low,
  CAST(SPLIT_INDEX(MAX(sequence || ' ' || CAST(price AS STRING)), ' ', 1) AS DECIMAL(10, 3)) AS closed,
  COUNT(*) AS changes
FROM TABLE(TUMBLE(TABLE price_changes, DESCRIPTOR(log_time), INTERVAL '1' MINUTE))
WHERE market IN ('h2h', 'btts')
GROUP BY window_start, window_end, match_id, market, outcome;

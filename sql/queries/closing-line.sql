-- Closing line
--
-- Question: what was the last price that we published before kick-off, and at which line?
-- Who asks: who measures how good our early prices were; the closing line is the yardstick.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line | outcome | price | log_time
--   oddsapi:ars-che | h2h    |      | away    | 3.7   | 2026-06-20 14:00:00.000
--   oddsapi:ars-che | h2h    |      | draw    | 3.3   | 2026-06-20 14:00:00.000
--   oddsapi:ars-che | h2h    |      | home    | 2     | 2026-06-20 15:04:59.900
--   oddsapi:ars-che | totals | 3    | over    | 2.05  | 2026-06-20 15:04:00.000
--   oddsapi:ars-che | totals | 3    | under   | 1.8   | 2026-06-20 15:04:00.000
WITH said_before AS (
  SELECT c.match_id, c.market, c.field, c.said, c.log_time,
    ROW_NUMBER() OVER (PARTITION BY c.match_id, c.market, c.field ORDER BY c.sequence DESC) AS place
  FROM said_cells AS c
  JOIN `matches` AS m ON m.match_id = c.match_id
  WHERE c.log_time < m.start_time AND m.phase <> 'upcoming'
)
SELECT p.match_id, p.market, l.said AS line, p.field AS outcome, p.said AS price, p.log_time
FROM said_before AS p
LEFT JOIN said_before AS l
  ON l.match_id = p.match_id AND l.market = p.market AND l.field = '@line' AND l.place = 1
WHERE p.place = 1 AND p.field NOT LIKE '@%';

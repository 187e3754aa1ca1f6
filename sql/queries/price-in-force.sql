-- Price in force at a given moment
--
-- Question: which price of the match result was in force when a score changed, and was it locked?
-- Who asks: settlement and compliance; put a table of bets, with their log_time, in the place of `g` to ask it of bets.
-- Runs: streaming
--
-- Sample output:
--   log_time                | match_id        | market | outcome | price | status    | since
--   2026-06-20 15:20:00.000 | oddsapi:ars-che | h2h    | away    | 3.600 | suspended | 2026-06-20 15:20:00.000
--   2026-06-20 15:20:00.000 | oddsapi:ars-che | h2h    | draw    | 3.400 | suspended | 2026-06-20 15:20:00.000
--   2026-06-20 15:20:00.000 | oddsapi:ars-che | h2h    | home    | 2.050 | suspended | 2026-06-20 15:20:00.000
--   2026-06-20 15:21:00.500 | oddsapi:ars-che | h2h    | draw    | 4.200 | open      | 2026-06-20 15:21:00.000
--   2026-06-20 15:21:00.500 | oddsapi:ars-che | h2h    | home    | 1.500 | open      | 2026-06-20 15:21:00.000
SELECT g.log_time, g.match_id, p.market, p.outcome, p.price, p.status, p.log_time AS since
FROM (
  SELECT u.match_id, asked.market, asked.outcome, u.log_time
  FROM updates AS u
  CROSS JOIN UNNEST(ARRAY[ROW('h2h', 'home'), ROW('h2h', 'draw'), ROW('h2h', 'away')]) AS asked (market, outcome)
  WHERE u.kind = 'patch' AND (u.cells['match/home_score'] IS NOT NULL OR u.cells['match/away_score'] IS NOT NULL)
) AS g
JOIN prices FOR SYSTEM_TIME AS OF g.log_time AS p
  ON p.match_id = g.match_id AND p.market = g.market AND p.outcome = g.outcome;

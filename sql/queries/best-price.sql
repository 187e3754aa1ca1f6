-- Best price per outcome
--
-- Question: which bookmaker pays most for each outcome now, and how many quote it?
-- Who asks: a trader who looks where our price stands; a page that shows the best odds.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line  | outcome | price | bookmaker | bookmakers
--   manual:7        | h2h    |       | away    | 2.600 | operator  | 1
--   manual:7        | h2h    |       | home    | 1.500 | operator  | 1
--   oddsapi:ars-che | h2h    |       | away    | 2.400 | Dogwood   | 1
--   oddsapi:ars-che | h2h    |       | away    | 3.600 | Alder     | 2
--   oddsapi:ars-che | h2h    |       | draw    | 3.400 | Alder     | 2
--   oddsapi:ars-che | h2h    |       | home    | 1.600 | Dogwood   | 1
--   oddsapi:ars-che | h2h    |       | home    | 2.150 | Birch     | 2
--   oddsapi:ars-che | totals | 2.500 | over    | 1.920 | Birch     | 2
--   oddsapi:ars-che | totals | 2.500 | under   | 1.950 | Alder     | 2
SELECT b.match_id, b.market, b.line, b.outcome, b.price, b.bookmaker, c.bookmakers
FROM best_prices AS b
JOIN (
  SELECT match_id, market, line, outcomes, outcome, COUNT(*) AS bookmakers
  FROM quoted_prices
  GROUP BY match_id, market, line, outcomes, outcome
) AS c ON c.match_id = b.match_id AND c.market = b.market AND c.line IS NOT DISTINCT FROM b.line
  AND c.outcomes = b.outcomes AND c.outcome = b.outcome;

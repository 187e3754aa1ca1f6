-- Arbitrage
--
-- Question: in which markets can all outcomes be backed at the best prices with a certain profit, and with which stakes?
-- Who asks: risk, before customers do it; mostly it shows whose price is stale. A row that goes at once was none: the best
-- prices of a market follow one another.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line | profit | first_bet        | draw_bet         | other_bet
--   oddsapi:ars-che | h2h    |      | 0.0114 | home 2.200 Alder | draw 3.900 Birch | away 3.600 Cedar
SELECT match_id, market, line,
  CAST(1 / SUM(CAST(1e0 / price AS DECIMAL(20, 12))) - 1 AS DECIMAL(10, 4)) AS profit,
  MAX(CASE WHEN outcome IN ('home', 'over', 'yes') THEN outcome || ' ' || CAST(price AS STRING) || ' ' || bookmaker END) AS first_bet,
  MAX(CASE WHEN outcome = 'draw' THEN outcome || ' ' || CAST(price AS STRING) || ' ' || bookmaker END) AS draw_bet,
  MAX(CASE WHEN outcome IN ('away', 'under', 'no') THEN outcome || ' ' || CAST(price AS STRING) || ' ' || bookmaker END) AS other_bet
FROM best_prices
GROUP BY match_id, market, line, outcomes
HAVING COUNT(*) = outcomes AND outcomes > 1 AND SUM(CAST(1e0 / price AS DECIMAL(20, 12))) < 1;

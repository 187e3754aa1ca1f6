-- Consensus against each bookmaker
--
-- Question: how far is each bookmaker from what all of them together hold probable, and what is its price worth by that?
-- Who asks: a trader: edge is what a stake of 1 wins on average at this price if the consensus is right; above 0 the price is
-- too long, and either it or the consensus is wrong.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line  | outcome | bookmaker | price | probability | consensus | edge    | bookmakers
--   oddsapi:ars-che | h2h    |       | away    | Alder     | 3.700 | 0.2597      | 0.2804    | 0.0373  | 3
--   oddsapi:ars-che | h2h    |       | away    | Birch     | 2.900 | 0.3370      | 0.2804    | -0.1870 | 3
--   oddsapi:ars-che | h2h    |       | away    | Cedar     | 3.800 | 0.2475      | 0.2804    | 0.0653  | 3
--   oddsapi:ars-che | h2h    |       | draw    | Alder     | 3.400 | 0.2826      | 0.2806    | -0.0460 | 3
--   oddsapi:ars-che | h2h    |       | draw    | Birch     | 3.700 | 0.2641      | 0.2806    | 0.0382  | 3
--   oddsapi:ars-che | h2h    |       | draw    | Cedar     | 3.200 | 0.2939      | 0.2806    | -0.1021 | 3
--   oddsapi:ars-che | h2h    |       | home    | Alder     | 2.100 | 0.4576      | 0.4390    | -0.0780 | 3
--   oddsapi:ars-che | h2h    |       | home    | Birch     | 2.450 | 0.3989      | 0.4390    | 0.0757  | 3
--   oddsapi:ars-che | h2h    |       | home    | Cedar     | 2.050 | 0.4587      | 0.4390    | -0.1000 | 3
--   oddsapi:liv-eve | totals | 2.500 | over    | Alder     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
--   oddsapi:liv-eve | totals | 2.500 | over    | Birch     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
--   oddsapi:liv-eve | totals | 2.500 | over    | Cedar     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
--   oddsapi:liv-eve | totals | 2.500 | under   | Alder     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
--   oddsapi:liv-eve | totals | 2.500 | under   | Birch     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
--   oddsapi:liv-eve | totals | 2.500 | under   | Cedar     | 1.900 | 0.5000      | 0.5000    | -0.0500 | 3
SELECT q.match_id, q.market, q.line, q.outcome, q.bookmaker, q.price,
  CAST(q.probability AS DECIMAL(10, 4)) AS probability,
  CAST(c.probability AS DECIMAL(10, 4)) AS consensus,
  CAST(q.price * c.probability - 1 AS DECIMAL(10, 4)) AS edge,
  c.bookmakers
FROM quoted_prices AS q
JOIN consensus AS c ON c.match_id = q.match_id AND c.market = q.market AND c.outcome = q.outcome
  AND c.outcomes = q.outcomes AND c.line IS NOT DISTINCT FROM q.line
WHERE c.bookmakers >= 3;

-- Overround by bookmaker and market
--
-- Question: what margin does each bookmaker take in each market?
-- Who asks: a trader who chooses whose prices to follow; below 0 a price is stale or wrong.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | market | line  | bookmaker | outcomes | overround
--   oddsapi:ars-che | btts   |       | Alder     | 2        | -0.0476
--   oddsapi:ars-che | h2h    |       | Alder     | 3        | 0.0212
--   oddsapi:ars-che | h2h    |       | Birch     | 3        | 0.0233
--   oddsapi:ars-che | totals | 2.500 | Alder     | 2        | 0.0391
SELECT match_id, market, line, bookmaker, outcomes, CAST(booksum - 1 AS DECIMAL(10, 4)) AS overround
FROM quoted_books;

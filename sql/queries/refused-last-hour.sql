-- The last hour's refused records
--
-- Question: what could not be used in the last hour, why, and of whom?
-- Who asks: who runs the feeds, when a match or a price is missing. In streaming it goes on with what is refused from now on.
-- Runs: streaming, batch
--
-- Sample output:
--   log_time                | reason              | source       | match_id        | detail
--   2026-06-20 14:20:00.000 | not_json            |              |                 | byte 3
--   2026-06-20 14:59:00.000 | price_out_of_bounds | oddsapi/odds | oddsapi:ars-che | h2h/home of Birch is 0
SELECT log_time, reason, source, match_id, detail
FROM rejected
WHERE log_time > CURRENT_TIMESTAMP - INTERVAL '1' HOUR;

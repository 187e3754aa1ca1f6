-- Steam moves
--
-- Question: where did three bookmakers, one after the other, shorten the same outcome by 2 % or more within a minute?
-- Who asks: a trader: such a move mostly has a cause that he does not know yet.
-- Runs: streaming
--
-- In batch Flink 1.20 matches rows in the order of their arrival and by the clock on the wall: it heeds neither ORDER BY nor WITHIN
-- (FLINK-33722), and a slow machine gets other moves. Streaming tells first what the log holds, then what comes.
--
-- Sample output:
--   match_id        | market | outcome | began                   | ended                   | bookmakers          | moved
--   oddsapi:ars-che | h2h    | home    | 2026-06-20 15:00:20.000 | 2026-06-20 15:00:45.000 | Cedar, Alder, Birch | 0.9556
SELECT match_id, market, outcome, began, ended, bookmakers, CAST(moved AS DECIMAL(10, 4)) AS moved
FROM price_moves MATCH_RECOGNIZE (
  PARTITION BY match_id, market, outcome
  ORDER BY log_time, bookmaker
  MEASURES
    A.log_time AS began,
    C.log_time AS ended,
    A.bookmaker || ', ' || B.bookmaker || ', ' || C.bookmaker AS bookmakers,
    (A.moved + B.moved + C.moved) / 3 AS moved
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B C) WITHIN INTERVAL '1' MINUTE
  DEFINE
    A AS A.moved <= 0.98,
    B AS B.moved <= 0.98 AND B.bookmaker <> A.bookmaker,
    C AS C.moved <= 0.98 AND C.bookmaker <> A.bookmaker AND C.bookmaker <> B.bookmaker
);

-- Latency by stage
--
-- Question: how long does a change take from the source to us, into the log, through the market job and out again, each minute?
-- Who asks: who runs Touchline. Mean and worst in ms; the source's own clock takes part in the first stage.
-- Runs: streaming, batch
--
-- Sample output:
--   begins                  | updates | told_ms | logged_ms | decided_ms | sent_ms | worst_of_ours_ms
--   2026-06-20 15:00:00.000 | 3       | 2500    | 6         | 84         | 2       | 11
--   2026-06-20 15:01:00.000 | 1       | 2       | 1         | 1          | 1       | 3
SELECT window_start AS begins, COUNT(*) AS updates,
  AVG(told_ms) AS told_ms, AVG(logged_ms) AS logged_ms, AVG(decided_ms) AS decided_ms, AVG(sent_ms) AS sent_ms,
  MAX(ours_ms) AS worst_of_ours_ms
FROM TABLE(TUMBLE(TABLE update_stages, DESCRIPTOR(log_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;

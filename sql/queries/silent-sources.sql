-- Silent sources
--
-- Question: which sources of the matches that have not ended are silent, and since when? known_time is the latest that is known of the match.
-- Who asks: who runs the feeds, and a trader whose market is suspended for source_silent.
-- Runs: streaming, batch
--
-- Sample output:
--   match_id        | source           | from_match      | heard_time              | due_time                | known_time
--   manual:8        | manual/documents |                 | 2026-06-20 15:00:00.000 | 2026-06-20 15:00:12.000 | 2026-06-20 15:00:12.001
--   manual:8        | manual/heartbeat |                 | 2026-06-20 15:00:08.000 | 2026-06-20 15:00:12.000 | 2026-06-20 15:00:12.001
--   manual:9        | oddsapi/odds     | oddsapi:bha-cry | 2026-06-20 15:00:00.000 | 2026-06-20 15:00:10.000 | 2026-06-20 15:00:19.000
--   oddsapi:ars-che | oddsapi/odds     |                 | 2026-06-20 15:00:00.000 | 2026-06-20 15:00:10.000 | 2026-06-20 15:00:30.100
WITH clocks AS (
  SELECT match_id, MAX(log_time) AS known_time
  FROM (
    SELECT match_id, log_time FROM feed
    UNION ALL
    SELECT match_id, log_time FROM updates
  )
  GROUP BY match_id
)
SELECT s.match_id, s.source, s.from_match, s.heard_time, s.due_time, c.known_time
FROM source_health AS s
JOIN clocks AS c ON c.match_id = s.match_id
JOIN feed_health AS h ON h.match_id = s.match_id
WHERE s.due_time < c.known_time;

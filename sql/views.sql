-- The views of catalog `touchline`, database `live`: what several questions share. One question a file stands in queries/.
-- The page docs/queries.md shows them with the questions that use them.
--
-- Sums are of DECIMAL: a changelog adds and takes away for ever, and a sum of DOUBLE would not come back to where it was.

CREATE VIEW quoted_books
COMMENT 'What each bookmaker quotes in each market, and its booksum: the sum of 1/price over its outcomes, so 1.05 is a margin of 5 %'
AS
SELECT match_id, market, source, bookmaker, line, prices, CARDINALITY(prices) AS outcomes,
  COALESCE(1e0 / prices['home'], 0) + COALESCE(1e0 / prices['draw'], 0) + COALESCE(1e0 / prices['away'], 0)
    + COALESCE(1e0 / prices['over'], 0) + COALESCE(1e0 / prices['under'], 0)
    + COALESCE(1e0 / prices['yes'], 0) + COALESCE(1e0 / prices['no'], 0) AS booksum,
  stamp_time, log_time
FROM quotes;

CREATE VIEW quoted_prices
COMMENT 'Each bookmaker''s current price of each outcome; probability is the price''s share of the booksum: what it implies without the margin (multiplicative method)'
AS
SELECT match_id, market, line, outcomes, outcome, price, source, bookmaker, booksum, 1e0 / price / booksum AS probability, stamp_time, log_time
FROM quoted_books CROSS JOIN UNNEST(prices) AS quoted (outcome, price);

CREATE VIEW best_prices
COMMENT 'The best price of each outcome and who quotes it (the first by name, if several do), among those who quote the same line and as many outcomes'
AS
SELECT match_id, market, line, outcomes, outcome, price, source, bookmaker, stamp_time, log_time
FROM (
  SELECT *,
    ROW_NUMBER() OVER (
      PARTITION BY match_id, market, line, outcomes, outcome ORDER BY price DESC, bookmaker, source) AS place
  FROM quoted_prices
)
WHERE place = 1;

CREATE VIEW consensus
COMMENT 'What the bookmakers together hold probable: the mean of the log odds of each, without its margin, brought back to a sum of 1'
AS
-- All outcomes in one row: were they summed up in a query of their own, in streaming each would be divided by a sum of another moment.
WITH pooled AS (
  SELECT match_id, market, line, outcomes, COUNT(*) AS bookmakers,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['home'] / booksum) / (1 - 1e0 / prices['home'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS home_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['draw'] / booksum) / (1 - 1e0 / prices['draw'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS draw_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['away'] / booksum) / (1 - 1e0 / prices['away'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS away_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['over'] / booksum) / (1 - 1e0 / prices['over'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS over_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['under'] / booksum) / (1 - 1e0 / prices['under'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS under_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['yes'] / booksum) / (1 - 1e0 / prices['yes'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS yes_pool,
    COALESCE(CAST(1 / (1 + EXP(-AVG(CAST(LN((1e0 / prices['no'] / booksum) / (1 - 1e0 / prices['no'] / booksum)) AS DECIMAL(20, 12))))) AS DECIMAL(20, 12)), 0) AS no_pool
  FROM quoted_books
  WHERE outcomes > 1
  GROUP BY match_id, market, line, outcomes
)
SELECT p.match_id, p.market, p.line, p.outcomes, o.outcome, p.bookmakers,
  CAST(o.pool AS DOUBLE) / CAST(home_pool + draw_pool + away_pool + over_pool + under_pool + yes_pool + no_pool AS DOUBLE) AS probability
FROM pooled AS p
CROSS JOIN UNNEST(ARRAY[ROW('home', home_pool), ROW('draw', draw_pool), ROW('away', away_pool), ROW('over', over_pool), ROW('under', under_pool), ROW('yes', yes_pool), ROW('no', no_pool)]) AS o (outcome, pool)
WHERE o.pool > 0;

CREATE VIEW said_cells
COMMENT 'Every cell of a market that an update sets: a price under its outcome, and @line, @status, @reasons, @epoch. What an image says again stands here again. sequence sorts the updates of a match'
AS
SELECT u.match_id, SPLIT_INDEX(said.cell, '/', 0) AS market, SPLIT_INDEX(said.cell, '/', 1) AS field, said.cell_text AS said, u.pos,
  LPAD(CAST(u.generation AS STRING), 6, '0') || '.' || LPAD(CAST(u.created AS STRING), 15, '0') || '-'
    || LPAD(CAST(u.version AS STRING), 12, '0') AS sequence,
  u.log_time
FROM updates AS u CROSS JOIN UNNEST(u.cells) AS said (cell, cell_text)
WHERE said.cell NOT LIKE 'match/%' AND said.cell NOT LIKE 'incidents/%';

CREATE VIEW price_changes
COMMENT 'Every published price as it is said, one row each, never changed: for windows, patterns and history'
AS
SELECT match_id, market, field AS outcome, TRY_CAST(said AS DECIMAL(10, 3)) AS price, pos, sequence, log_time
FROM said_cells
WHERE field NOT LIKE '@%';

CREATE VIEW told_prices
COMMENT 'Every bookmaker''s price as a source tells it, one row each, never changed; a full view tells those again that have not changed'
AS
SELECT f.match_id, q.market, q.line, p.outcome, p.price, f.source, q.bookmaker, q.stamp_time, f.log_time
FROM feed AS f
CROSS JOIN UNNEST(f.quotes) AS q (bookmaker, market, line, prices, stamp_time)
CROSS JOIN UNNEST(q.prices) AS p (outcome, price);

CREATE VIEW price_moves
COMMENT 'Every move of a bookmaker''s price at an unchanged line: moved is below 1 where it shortened (0.95: by 5 %)'
AS
SELECT match_id, market, line, outcome, source, bookmaker, before_price, price, CAST(price AS DOUBLE) / CAST(before_price AS DOUBLE) AS moved, log_time
FROM (
  SELECT *,
    LAG(price) OVER (PARTITION BY match_id, market, outcome, source, bookmaker ORDER BY log_time) AS before_price,
    LAG(line) OVER (PARTITION BY match_id, market, outcome, source, bookmaker ORDER BY log_time) AS before_line
  FROM told_prices
)
WHERE before_price <> price AND line IS NOT DISTINCT FROM before_line;

CREATE VIEW suspension_reasons
COMMENT 'Each suspension once for every reason that it has had'
AS
SELECT s.match_id, s.market, s.epoch, r.reason, s.from_time, s.to_time, s.log_time
FROM suspensions AS s CROSS JOIN UNNEST(MAP_KEYS(STR_TO_MAP(s.reasons, ',', '='))) AS r (reason);

CREATE VIEW update_stages
COMMENT 'How many ms each update took from stage to stage; null where a stage has no time: a wake-up has no source'
AS
SELECT match_id, kind, ingest_ms - source_ms AS told_ms, log_ms - ingest_ms AS logged_ms, decided_ms - log_ms AS decided_ms,
  sent_ms - decided_ms AS sent_ms, sent_ms - ingest_ms AS ours_ms, log_time
FROM (
  SELECT match_id, kind, log_time,
    EXTRACT(EPOCH FROM source_time) * 1000 + EXTRACT(MILLISECOND FROM source_time) AS source_ms,
    EXTRACT(EPOCH FROM ingest_time) * 1000 + EXTRACT(MILLISECOND FROM ingest_time) AS ingest_ms,
    EXTRACT(EPOCH FROM log_time) * 1000 + EXTRACT(MILLISECOND FROM log_time) AS log_ms,
    EXTRACT(EPOCH FROM decided_time) * 1000 + EXTRACT(MILLISECOND FROM decided_time) AS decided_ms,
    EXTRACT(EPOCH FROM sent_time) * 1000 + EXTRACT(MILLISECOND FROM sent_time) AS sent_ms
  FROM updates
);

CREATE VIEW told_delays
COMMENT 'How many ms each record that has a stamp took from its source to us, and from there into the log'
AS
SELECT match_id, source, kind, seen_ms - stamp_ms AS told_ms, log_ms - seen_ms AS logged_ms, log_time
FROM (
  SELECT match_id, source, kind, log_time,
    EXTRACT(EPOCH FROM stamp_time) * 1000 + EXTRACT(MILLISECOND FROM stamp_time) AS stamp_ms,
    EXTRACT(EPOCH FROM seen_time) * 1000 + EXTRACT(MILLISECOND FROM seen_time) AS seen_ms,
    EXTRACT(EPOCH FROM log_time) * 1000 + EXTRACT(MILLISECOND FROM log_time) AS log_ms
  FROM feed
  WHERE stamp_time IS NOT NULL AND seen_time IS NOT NULL
);

CREATE VIEW source_health
COMMENT 'Each source''s last word of each match, and until when it counts as heard: twice the time in which it promised to speak again, and its provider''s heartbeat speaks for it; null: it promised nothing'
AS
WITH links AS (
  SELECT match_id, JSON_VALUE(json, '$.body.from') AS from_match, JSON_VALUE(json, '$.body.linked') AS linked
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY match_id, JSON_VALUE(json, '$.body.from') ORDER BY generation DESC, n DESC) AS place
    FROM feed
    WHERE kind = 'link'
  )
  WHERE place = 1
), words AS (
  SELECT match_id, source, from_match, SPLIT_INDEX(source, '/', 0) AS provider, kind, next_ms,
    JSON_VALUE(json, '$.body.deleted') AS deleted, log_time,
    EXTRACT(EPOCH FROM log_time) * 1000 + EXTRACT(MILLISECOND FROM log_time)
      + CASE WHEN next_ms > 0 THEN 2 * next_ms END AS due_ms
  FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY match_id, source, from_match ORDER BY generation DESC, n DESC, log_time DESC) AS place
    FROM feed
    WHERE kind <> 'link'
  )
  WHERE place = 1
)
SELECT w.match_id, w.source, w.from_match, w.kind, w.next_ms, w.log_time AS heard_time,
  TO_TIMESTAMP_LTZ(
    CASE
      WHEN h.match_id IS NULL OR h.source = w.source THEN w.due_ms
      WHEN w.due_ms IS NULL THEN h.due_ms
      WHEN h.due_ms IS NOT NULL THEN GREATEST(w.due_ms, h.due_ms)
    END, 3) AS due_time
FROM words AS w
LEFT JOIN words AS h ON h.match_id = w.match_id AND h.source = w.provider || '/heartbeat'
LEFT JOIN links AS l ON l.match_id = w.match_id AND l.from_match = w.from_match
-- Operators who have forgotten a match promise nothing of it any more.
LEFT JOIN words AS d ON d.match_id = w.match_id AND d.source = w.provider || '/documents' AND d.deleted = 'true'
WHERE (w.from_match IS NULL OR l.linked = 'true') AND (d.match_id IS NULL OR w.log_time > d.log_time);

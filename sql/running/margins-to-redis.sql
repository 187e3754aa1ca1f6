-- Margins, kept in Redis
--
-- Keeps: what margin each bookmaker takes in each market, in the hash `margins:rows` (the key's columns -> the row) and, change by change, in the
-- stream `margins`.
-- For: a page: it reads the hash, then the stream, with any Redis client.
CREATE TABLE default_catalog.default_database.margins_kept (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market',
  source       STRING NOT NULL     COMMENT 'The source stream',
  bookmaker    STRING NOT NULL     COMMENT 'The bookmaker',
  line         DECIMAL(10, 3)      COMMENT 'Its line; null where the market has none',
  overround    DECIMAL(10, 4)      COMMENT 'The margin: 0.05 is 5 %',
  PRIMARY KEY (match_id, market, source, bookmaker) NOT ENFORCED
) WITH (
  'connector' = 'redis-streams',
  'uri' = '${redis.uri:redis://127.0.0.1:6379}',
  'stream' = 'margins'
);

-- With checkpoints it goes on after a failure, from where it was; without, the first one would end it.
SET 'execution.checkpointing.interval' = '10 s';

INSERT INTO default_catalog.default_database.margins_kept
SELECT match_id, market, source, bookmaker, line, CAST(booksum - 1 AS DECIMAL(10, 4))
FROM quoted_books;

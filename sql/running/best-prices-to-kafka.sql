-- Best prices, kept in Kafka
--
-- Keeps: each outcome's best price and who quotes it, by match, market and line, in topic `best-prices`: keys and rows as JSON, the newest row of
-- a key holds, and one that is gone is a tombstone. Make the topic before: `./touchline topic best-prices`.
-- For: services that want the best odds without asking Flink.
CREATE TABLE default_catalog.default_database.best_prices_kept (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market',
  line         STRING NOT NULL     COMMENT 'Its line; empty where it has none',
  outcomes     INT NOT NULL        COMMENT 'How many outcomes the market has',
  outcome      STRING NOT NULL     COMMENT 'The outcome',
  price        DECIMAL(10, 3)      COMMENT 'The best price',
  bookmaker    STRING              COMMENT 'Who quotes it',
  PRIMARY KEY (match_id, market, line, outcomes, outcome) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'best-prices',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'key.format' = 'json',
  'value.format' = 'json'
);

-- With checkpoints it goes on after a failure, from where it was; without, the first one would end it.
SET 'execution.checkpointing.interval' = '10 s';

INSERT INTO default_catalog.default_database.best_prices_kept
SELECT match_id, market, COALESCE(CAST(line AS STRING), ''), outcomes, outcome, price, bookmaker
FROM best_prices;

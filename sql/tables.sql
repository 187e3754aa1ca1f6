-- The tables of catalog `touchline`, database `live`: the single source of what they are called, hold and mean. The page
-- docs/tables.md is made of this file. ${key:otherwise} is a setting of the jobs.
--
-- `log_time` is the time of the feed log, the only clock that the market job has. Tables with a primary key are read as
-- changelogs in streaming, and as what holds now in batch (SET 'execution.runtime-mode' = 'batch').

CREATE TABLE feed (
  match_id     STRING              COMMENT 'The match, <source>:<the source''s own id>',
  source       STRING              COMMENT 'The source stream, <provider>/<stream>, as oddsapi/odds or manual/documents',
  from_match   STRING              COMMENT 'The provider''s match that this is of, where an operator has linked it to match_id',
  generation   BIGINT              COMMENT 'First part of the source''s sequence: rises whenever ingest starts anew',
  n            BIGINT              COMMENT 'Second part of the sequence: rises with every record of this source and match',
  kind         STRING              COMMENT 'fixture, quotes, score, incident, manual, seen or link',
  stamp_time   TIMESTAMP_LTZ(3)    COMMENT 'When the source says that it happened',
  seen_time    TIMESTAMP_LTZ(3)    COMMENT 'When ingest read it',
  next_ms      BIGINT              COMMENT 'The source speaks of this match again within so many ms; 0: it promises nothing',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'When the feed log took it',
  full_view    BOOLEAN             COMMENT 'This is all that the source has of the match; null where it is no poll''s view',
  missing      BOOLEAN             COMMENT 'A poll that succeeded no longer had the match; null where it is no poll''s view',
  fixture      ROW<sport STRING, league STRING, home STRING, away STRING, start_time TIMESTAMP_LTZ(3)>
                                   COMMENT 'The fixture, where the record carries it',
  score        ROW<home_score BIGINT, away_score BIGINT, completed BOOLEAN, stamp_time TIMESTAMP_LTZ(3)>
                                   COMMENT 'The score, where the record carries one',
  quotes       ARRAY<ROW<bookmaker STRING, market STRING, line DECIMAL(10, 3), prices MAP<STRING, DECIMAL(10, 3)>, stamp_time TIMESTAMP_LTZ(3)>>
                                   COMMENT 'The quotes that are new or changed, by bookmaker and market; prices by outcome',
  gone         ARRAY<ROW<bookmaker STRING, market STRING>>
                                   COMMENT 'What is quoted no more',
  json         STRING              COMMENT 'The whole record as it stands in the log',
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'What Touchline is told: every record of the feed log (ticks left out), as it came'
WITH (
  'connector' = 'touchline',
  'table' = 'feed',
  'topic' = '${kafka.feedTopic:feed}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}'
);

CREATE TABLE updates (
  match_id     STRING              COMMENT 'The match',
  pos          STRING              COMMENT 'Its position, <generation>.<created>-<version>: rises by one version with every update',
  generation   BIGINT              COMMENT 'The generation of the rules',
  created      BIGINT              COMMENT 'Log time of the record that made the match''s book, ms UTC; with the generation, its epoch',
  version      BIGINT              COMMENT 'From 1, without gaps, within an epoch',
  kind         STRING              COMMENT 'patch (on top of the version before), image (in place of all that was), end (an image, and the last)',
  cells        MAP<STRING, STRING> COMMENT 'The cells that are set, group/field to value in canonical text',
  gone         ARRAY<STRING>       COMMENT 'The cells that are no more',
  sums         MAP<STRING, STRING> COMMENT 'The checksum of each changed group after this update; null for a group that is no more',
  source_time  TIMESTAMP_LTZ(3)    COMMENT 'When the source says that it happened',
  ingest_time  TIMESTAMP_LTZ(3)    COMMENT 'When ingest read it',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'When the feed log took it',
  decided_time TIMESTAMP_LTZ(3)    COMMENT 'When the market job had applied it',
  sent_time    TIMESTAMP_LTZ(3)    COMMENT 'When the market job sent it to this topic (beside Redis, not behind it)',
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'What Touchline says: every update once, in its match''s order'
WITH (
  'connector' = 'touchline',
  'table' = 'updates',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}'
);

CREATE TABLE prices (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market: h2h, totals, totals:3.5, spreads, btts',
  outcome      STRING NOT NULL     COMMENT 'The outcome: home, draw, away, over, under, yes, no',
  price        DECIMAL(10, 3)      COMMENT 'The published price, decimal odds',
  line         DECIMAL(10, 3)      COMMENT 'The market''s line; null where it has none',
  status       STRING              COMMENT 'open, or suspended: then the price is shown locked',
  epoch        BIGINT              COMMENT 'The suspension epoch: the same in two rows means that the market was not suspended between them',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update',
  PRIMARY KEY (match_id, market, outcome) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'The published price of every outcome of every match that has not ended'
WITH (
  'connector' = 'touchline',
  'table' = 'prices',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}'
);

CREATE TABLE `matches` (
  match_id     STRING NOT NULL     COMMENT 'The match',
  sport        STRING              COMMENT 'The sport''s key, as soccer_epl',
  league       STRING              COMMENT 'The league''s title',
  home         STRING              COMMENT 'Home team',
  away         STRING              COMMENT 'Away team',
  start_time   TIMESTAMP_LTZ(3)    COMMENT 'Kick-off',
  phase        STRING              COMMENT 'upcoming, live or ended',
  match_period STRING              COMMENT 'The period of play, where an operator says it',
  ended        STRING              COMMENT 'Why it ended: completed, operator, unlisted, moved; null while it has not',
  moved_to     STRING              COMMENT 'The match under which it goes on, where it was linked to another',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update',
  PRIMARY KEY (match_id) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'Every match that has been spoken of since the updates are kept, ended ones included'
WITH (
  'connector' = 'touchline',
  'table' = 'matches',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}'
);

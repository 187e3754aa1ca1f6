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
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
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
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
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
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
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
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE markets (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market: h2h, totals, totals:3.5, spreads, btts',
  status       STRING              COMMENT 'open or suspended',
  reasons      STRING              COMMENT 'Why it is suspended, by commas: goal, penalty, var, source_silent, trader ...; null while it is open',
  line         DECIMAL(10, 3)      COMMENT 'Its line; null where it has none',
  epoch        BIGINT              COMMENT 'The suspension epoch: rises whenever the market is suspended, removed, or its line changes',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update',
  PRIMARY KEY (match_id, market) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'Every market of every match that has not ended'
WITH (
  'connector' = 'touchline',
  'table' = 'markets',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE scores (
  match_id      STRING NOT NULL    COMMENT 'The match',
  home_score    BIGINT             COMMENT 'Points or goals of the home team',
  away_score    BIGINT             COMMENT 'Points or goals of the away team',
  phase         STRING             COMMENT 'upcoming, live or ended',
  match_period  STRING             COMMENT 'The period of play, where an operator says it',
  clock_seconds BIGINT             COMMENT 'What the match clock showed at clock_time, where an operator keeps one',
  clock_time    TIMESTAMP_LTZ(3)   COMMENT 'When the clock was read',
  clock_running BOOLEAN            COMMENT 'Whether the clock runs on from there',
  pos           STRING             COMMENT 'Position of the update that changed the row last',
  log_time      TIMESTAMP_LTZ(3)   COMMENT 'Log time of that update',
  PRIMARY KEY (match_id) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'The score of every match that has one; of an ended match the last'
WITH (
  'connector' = 'touchline',
  'table' = 'scores',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE incidents (
  match_id     STRING NOT NULL     COMMENT 'The match',
  incident     STRING NOT NULL     COMMENT 'The incident, by its source, stream and id',
  type         STRING              COMMENT 'goal, possible_goal, penalty, red_card, yellow_card, var, corner or other',
  state        STRING              COMMENT 'open, confirmed or cancelled',
  side         STRING              COMMENT 'home or away, where it is known',
  stamp_time   TIMESTAMP_LTZ(3)    COMMENT 'When its source says that it happened',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update',
  PRIMARY KEY (match_id, incident) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'The incidents of every match that has not ended'
WITH (
  'connector' = 'touchline',
  'table' = 'incidents',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE suspensions (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market',
  epoch        BIGINT NOT NULL     COMMENT 'The suspension epoch with which it began',
  from_time    TIMESTAMP_LTZ(3)    COMMENT 'Log time at which it began',
  to_time      TIMESTAMP_LTZ(3)    COMMENT 'Log time at which the market opened again, or went; null while it lasts',
  reasons      STRING              COMMENT 'Every reason that it has had, sorted, by commas',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update',
  PRIMARY KEY (match_id, market, epoch) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'Every suspension of every market, those of ended matches included'
WITH (
  'connector' = 'touchline',
  'table' = 'suspensions',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE feed_health (
  match_id     STRING NOT NULL     COMMENT 'The match',
  feed         STRING              COMMENT 'up, or stale: one of its sources is silent',
  pos          STRING              COMMENT 'Position of the update that changed the row last',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of that update: since when it is so',
  PRIMARY KEY (match_id) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'Whether the sources of each match that has not ended are heard; by source, ask source_health'
WITH (
  'connector' = 'touchline',
  'table' = 'feed_health',
  'topic' = '${kafka.updatesTopic:updates}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE quotes (
  match_id     STRING NOT NULL     COMMENT 'The match',
  market       STRING NOT NULL     COMMENT 'The market',
  source       STRING NOT NULL     COMMENT 'The source stream that tells it',
  bookmaker    STRING NOT NULL     COMMENT 'The bookmaker',
  line         DECIMAL(10, 3)      COMMENT 'Its line; null where the market has none',
  prices       MAP<STRING, DECIMAL(10, 3)> COMMENT 'Its price of each outcome, decimal odds',
  stamp_time   TIMESTAMP_LTZ(3)    COMMENT 'When the bookmaker last set or confirmed it, by the source''s clock; told at most every half minute',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'Log time of the record that changed the row last',
  PRIMARY KEY (match_id, market, source, bookmaker) NOT ENFORCED,
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'What each bookmaker quotes now'
WITH (
  'connector' = 'touchline',
  'table' = 'quotes',
  'topic' = '${kafka.quotesTopic:quotes}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE manual_documents (
  match_id      STRING             COMMENT 'The match that operators speak of: their own, or a provider''s',
  rev           BIGINT             COMMENT 'The document''s revision: one more with every transaction that changed it',
  stamp_time    TIMESTAMP_LTZ(3)   COMMENT 'When it was committed',
  log_time      TIMESTAMP_LTZ(3)   COMMENT 'When the feed log took it',
  fixture       ROW<sport STRING, league STRING, home STRING, away STRING, start_time TIMESTAMP_LTZ(3)>
                                   COMMENT 'What operators say of the fixture',
  phase         STRING             COMMENT 'upcoming, live or ended, where operators say it',
  match_period  STRING             COMMENT 'The period of play',
  score         ROW<home_score BIGINT, away_score BIGINT, completed BOOLEAN, stamp_time TIMESTAMP_LTZ(3)>
                                   COMMENT 'The operators'' score',
  clock_seconds BIGINT             COMMENT 'The match clock, where they keep one',
  markets       ARRAY<ROW<market STRING, line DECIMAL(10, 3), prices MAP<STRING, DECIMAL(10, 3)>, stamp_time TIMESTAMP_LTZ(3)>>
                                   COMMENT 'What they price, whole or in part',
  suspended     ARRAY<STRING>      COMMENT 'The markets that they have suspended; * for all',
  deleted       BOOLEAN            COMMENT 'The document is gone: the match ends, or is given back to its provider',
  json          STRING             COMMENT 'The whole record as it stands in the log',
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'The operators'' documents as they were committed, from the feed log'
WITH (
  'connector' = 'touchline',
  'table' = 'manual_documents',
  'topic' = '${kafka.feedTopic:feed}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

CREATE TABLE rejected (
  reason       STRING              COMMENT 'Why it was refused, as booksum_out_of_bounds',
  match_id     STRING              COMMENT 'The match; empty where none could be read',
  source       STRING              COMMENT 'The source stream; empty where none could be read',
  detail       STRING              COMMENT 'Field, value and remedy',
  payload      STRING              COMMENT 'What was refused, whole or its beginning',
  size         BIGINT              COMMENT 'Bytes of the whole payload, where it was cut',
  sha256       STRING              COMMENT 'SHA-256 of the whole payload, where it was cut',
  log_time     TIMESTAMP_LTZ(3)    COMMENT 'When it was refused',
  WATERMARK FOR log_time AS SOURCE_WATERMARK()
) COMMENT 'What could not be used'
WITH (
  'connector' = 'touchline',
  'table' = 'rejected',
  'topic' = '${kafka.rejectedTopic:feed.rejected}',
  'properties.bootstrap.servers' = '${kafka.bootstrap}',
  'client-properties' = '${kafka.clientProperties:}'
);

-- Looked up in the operators' database as each row passes: JOIN leagues FOR SYSTEM_TIME AS OF <a PROCTIME()>. A password is
-- read from the .pgpass of the user that runs Flink, so that none stands in a table.

CREATE TABLE leagues (
  id           STRING NOT NULL     COMMENT 'The league''s id',
  sport        STRING              COMMENT 'The sport''s key',
  title        STRING              COMMENT 'Its title, as match records have it in fixture.league',
  PRIMARY KEY (id) NOT ENFORCED
) COMMENT 'The operators'' leagues, for lookups'
WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://${postgres.host:127.0.0.1}:${postgres.port:5432}/${postgres.database:postgres}?user=touchline_analyst',
  'table-name' = 'touchline.league',
  'lookup.cache' = 'PARTIAL',
  'lookup.partial-cache.max-rows' = '10000',
  'lookup.partial-cache.expire-after-write' = '1 min'
);

CREATE TABLE teams (
  team         STRING              COMMENT 'The team''s name',
  league       STRING              COMMENT 'Id of a league in which operators have it play',
  sport        STRING              COMMENT 'The sport''s key',
  title        STRING              COMMENT 'The league''s title'
) COMMENT 'Which team plays in which league, by the operators'' matches, for lookups by team'
WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://${postgres.host:127.0.0.1}:${postgres.port:5432}/${postgres.database:postgres}?user=touchline_analyst',
  'table-name' = 'touchline.team',
  'lookup.cache' = 'PARTIAL',
  'lookup.partial-cache.max-rows' = '10000',
  'lookup.partial-cache.expire-after-write' = '1 min'
);

-- The operators' tables. PostgreSQL 14 to 18, Supabase included; run by the role that shall own them, no superuser needed.
-- Safe to run again. Roles and the publication are in files of their own, see README.md.
--
-- Operators write league, match, market, selection, incident, command and link. What leaves the database is not these
-- tables but one document per match (match_document), built once per transaction when it commits: whatever a
-- transaction touched, it is one message, and `rev` says whether one is missing.

create schema if not exists touchline;

-- ---------------------------------------------------------------------------------------------- what operators write

create table if not exists touchline.league (
  id     text primary key,
  sport  text not null,
  title  text not null,
  constraint league_id_is_lower_case_letters_digits_underscore check (id ~ '^[a-z0-9_]{1,60}$'),
  constraint sport_is_lower_case_letters_digits_underscore check (sport ~ '^[a-z0-9_]{1,60}$'),
  constraint title_has_1_to_200_characters check (char_length(title) <= 200 and title ~ '\S'),
  constraint title_has_no_control_characters check (title !~ '[\u0001-\u001f\u007f-\u009f]'),
  constraint title_has_at_most_200_utf_16_units_an_emoji_has_two check (char_length(title)
    + char_length(regexp_replace(title, '[\u0001-\uffff]+', '', 'g')) <= 200),
  constraint title_is_not_blank check (title ~ '[^\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]')
);

create sequence if not exists touchline.match_id;

-- An operator's own match (id `manual:<n>`, given by default), or what an operator says of a provider's (its id, as
-- `oddsapi:<32 hex>`). A null leaves the value to the provider.
create table if not exists touchline.match (
  id              text primary key default 'manual:' || nextval('touchline.match_id'),
  league          text references touchline.league on update cascade,
  sport           text,
  home            text,
  away            text,
  start           timestamptz,
  phase           text,
  period          text,
  score_home      int,
  score_away      int,
  score_final     boolean not null default false,
  score_at        timestamptz,
  clock_seconds   int,
  clock_running   boolean,
  clock_at        timestamptz,
  constraint match_id_is_source_colon_id check (id ~ '^[A-Za-z0-9_.\-]{1,40}:[A-Za-z0-9_.\-]{1,80}$'),
  constraint a_manual_match_needs_home_and_away check (id not like 'manual:%' or (home is not null and away is not null)),
  constraint sport_is_lower_case_letters_digits_underscore check (sport ~ '^[a-z0-9_]{1,60}$'),
  constraint home_has_1_to_200_characters check (char_length(home) <= 200 and home ~ '\S'),
  constraint home_has_no_control_characters check (home !~ '[\u0001-\u001f\u007f-\u009f]'),
  constraint home_has_at_most_200_utf_16_units_an_emoji_has_two check (char_length(home)
    + char_length(regexp_replace(home, '[\u0001-\uffff]+', '', 'g')) <= 200),
  constraint home_is_not_blank check (home ~ '[^\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]'),
  constraint away_has_1_to_200_characters check (char_length(away) <= 200 and away ~ '\S'),
  constraint away_has_no_control_characters check (away !~ '[\u0001-\u001f\u007f-\u009f]'),
  constraint away_has_at_most_200_utf_16_units_an_emoji_has_two check (char_length(away)
    + char_length(regexp_replace(away, '[\u0001-\uffff]+', '', 'g')) <= 200),
  constraint away_is_not_blank check (away ~ '[^\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]'),
  constraint start_lies_within_1970_and_2200 check (start >= '1970-01-01Z' and start < '2200-01-01Z'),
  constraint phase_is_upcoming_live_or_ended check (phase in ('upcoming', 'live', 'ended')),
  constraint period_is_one_of_the_nine check (period in ('first_half', 'half_time', 'second_half', 'extra_time_break',
    'extra_time_first_half', 'extra_time_half_time', 'extra_time_second_half', 'penalties', 'interrupted')),
  constraint score_lies_within_0_and_9999 check (score_home between 0 and 9999 and score_away between 0 and 9999),
  constraint score_has_both_sides_or_none check ((score_home is null) = (score_away is null)),
  constraint score_at_lies_within_1970_and_2200 check (score_at >= '1970-01-01Z' and score_at < '2200-01-01Z'),
  constraint clock_lies_within_0_and_86400_seconds check (clock_seconds between 0 and 86400),
  constraint clock_at_lies_within_1970_and_2200 check (clock_at >= '1970-01-01Z' and clock_at < '2200-01-01Z')
);
create index if not exists match_league on touchline.match (league);

-- Tables that are older than a check get it here. Not of the rows they have, so that no name that was wrong before stops
-- this file: such a row is refused when it is next written.
do $$
declare
  t text;
  c text;
  name text;
  condition text;
begin
  for t, c in values ('league', 'title'), ('match', 'home'), ('match', 'away') loop
    for name, condition in values
        (c || '_has_no_control_characters', format('%I !~ %L', c, '[\u0001-\u001f\u007f-\u009f]')),
        (c || '_has_at_most_200_utf_16_units_an_emoji_has_two',
          format('char_length(%I) + char_length(regexp_replace(%I, %L, %L, %L)) <= 200', c, c, '[\u0001-\uffff]+', '', 'g')),
        (c || '_is_not_blank', format('%I ~ %L', c, '[^\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]')) loop
      if not exists (select from pg_constraint k where k.conrelid = format('touchline.%I', t)::regclass and k.conname = name) then
        execute format('alter table touchline.%I add constraint %I check (%s) not valid', t, name, condition);
      end if;
    end loop;
  end loop;
end $$;

-- A market that operators price, whole or in part. Inserting a selection makes it by itself; a line is set here. `at` is
-- when it was last set or confirmed, here and in selections: writing the same value again confirms it, and only what was
-- set or confirmed after a goal counts after the goal.
create table if not exists touchline.market (
  match   text not null references touchline.match on update cascade on delete cascade,
  market  text not null,
  line    numeric,
  at      timestamptz not null default clock_timestamp(),
  primary key (match, market),
  constraint market_is_a_key_as_h2h_or_totals_colon_3_5 check (market ~ '^[a-z0-9_]{1,60}(:-?[0-9]{1,4}(\.[0-9]{1,2})?)?$'),
  constraint line_is_a_multiple_of_a_quarter_within_1000 check (line between -1000 and 1000 and line % 0.25 = 0),
  constraint at_lies_within_1970_and_2200 check (at >= '1970-01-01Z' and at < '2200-01-01Z')
);

-- A price; an outcome that has none here is left to the provider.
create table if not exists touchline.selection (
  match    text not null,
  market   text not null,
  outcome  text not null,
  price    numeric not null,
  at       timestamptz not null default clock_timestamp(),
  primary key (match, market, outcome),
  foreign key (match, market) references touchline.market on update cascade on delete cascade,
  constraint outcome_is_lower_case_letters_digits_underscore check (outcome ~ '^[a-z0-9_]{1,60}$'),
  constraint outcome_belongs_to_the_market check (case split_part(market, ':', 1)
    when 'h2h' then outcome in ('home', 'draw', 'away')
    when 'h2h_3_way' then outcome in ('home', 'draw', 'away')
    when 'draw_no_bet' then outcome in ('home', 'away')
    when 'spreads' then outcome in ('home', 'away')
    when 'totals' then outcome in ('over', 'under')
    when 'btts' then outcome in ('yes', 'no')
    else true end),
  constraint price_lies_within_1_001_and_10000 check (price between 1.001 and 10000),
  constraint price_has_at_most_3_decimals check (price = round(price, 3)),
  constraint at_lies_within_1970_and_2200 check (at >= '1970-01-01Z' and at < '2200-01-01Z')
);

create sequence if not exists touchline.incident_id;

-- The same id may change its type and state (a goal under review becomes a goal).
create table if not exists touchline.incident (
  match  text not null references touchline.match on update cascade on delete cascade,
  id     text not null default 'i' || nextval('touchline.incident_id'),
  type   text not null,
  side   text,
  state  text not null default 'confirmed',
  at     timestamptz not null default clock_timestamp(),
  primary key (match, id),
  constraint incident_id_is_lower_case_letters_digits_underscore check (id ~ '^[a-z0-9_]{1,60}$'),
  constraint type_is_one_of_the_eight check (type in ('goal', 'possible_goal', 'penalty', 'red_card', 'yellow_card',
    'var', 'corner', 'other')),
  constraint side_is_home_or_away check (side in ('home', 'away')),
  constraint state_is_open_confirmed_or_cancelled check (state in ('open', 'confirmed', 'cancelled')),
  constraint at_lies_within_1970_and_2200 check (at >= '1970-01-01Z' and at < '2200-01-01Z')
);

-- A trader's word on any match, his own or a provider's. `suspend` holds until its row is deleted, its released_at is
-- set, or a `resume` of the same market is inserted. Market `*` is the whole match: to resume it does not resume a
-- market that was suspended by name.
create table if not exists touchline.command (
  id           bigint generated always as identity primary key,
  match        text not null,
  market       text not null default '*',
  action       text not null default 'suspend',
  trader       text not null default session_user,
  note         text,
  at           timestamptz not null default clock_timestamp(),
  released_at  timestamptz,
  constraint match_is_source_colon_id check (match ~ '^[A-Za-z0-9_.\-]{1,40}:[A-Za-z0-9_.\-]{1,80}$'),
  constraint market_is_a_key_as_h2h_or_totals_colon_3_5_or_star
    check (market = '*' or market ~ '^[a-z0-9_]{1,60}(:-?[0-9]{1,4}(\.[0-9]{1,2})?)?$'),
  constraint action_is_suspend_or_resume check (action in ('suspend', 'resume'))
);
create index if not exists command_in_force on touchline.command (match, market) where action = 'suspend' and released_at is null;

-- This provider's match is that match. Delete the row to unlink.
create table if not exists touchline.link (
  provider_match  text primary key,
  match           text not null,
  constraint provider_match_is_source_colon_id check (provider_match ~ '^[A-Za-z0-9_.\-]{1,40}:[A-Za-z0-9_.\-]{1,80}$'),
  constraint match_is_source_colon_id check (match ~ '^[A-Za-z0-9_.\-]{1,40}:[A-Za-z0-9_.\-]{1,80}$'),
  constraint a_match_is_not_linked_to_itself check (provider_match <> match),
  constraint a_manual_match_is_linked_to_and_never_away check (provider_match not like 'manual:%')
);
create unique index if not exists one_match_per_provider_is_linked_to_a_match
  on touchline.link (match, split_part(provider_match, ':', 1));

-- -------------------------------------------------------------------------------------------------- what leaves here
-- Captured tables: exactly these three are published, and rows are never deleted from them, so that a replica identity
-- of the key is enough and `rev` never starts again. Nobody but the triggers writes the first two.

-- The number that a restore of this database raises (raise_generation), because revisions then start from the past.
create table if not exists touchline.lineage (
  only_one    boolean primary key default true check (only_one),
  generation  bigint not null default 1 check (generation between 1 and 9007199254740991)
);
insert into touchline.lineage default values on conflict do nothing;

-- All that operators say of a match: rev + 1 in every transaction that changed it. A deleted one keeps its row.
create table if not exists touchline.match_document (
  match       text primary key,
  generation  bigint not null,
  rev         bigint not null,
  at          timestamptz not null,
  document    jsonb not null
);

-- The links as they are, and as they were: an unlinked row stays with match null and `was` the match it pointed to.
create table if not exists touchline.link_state (
  provider_match  text primary key,
  match           text,
  was             text,
  generation      bigint not null,
  rev             bigint not null,
  at              timestamptz not null
);

-- Which team plays in which league, for lookups from SQL.
create or replace view touchline.team as
  select distinct t.team, m.league, coalesce(m.sport, g.sport) as sport, g.title
  from touchline.match m
  left join touchline.league g on g.id = m.league
  cross join lateral (values (m.home), (m.away)) t (team)
  where t.team is not null;

-- Written once a second from outside, so that the change stream always moves and its delay is known.
create table if not exists touchline.heartbeat (
  id  int primary key default 1 check (id = 1),
  at  timestamptz not null default clock_timestamp()
);
insert into touchline.heartbeat default values on conflict do nothing;

-- ------------------------------------------------------------------------------------------------------- comfort, checks

create or replace function touchline.match_stamp() returns trigger language plpgsql as $$
begin
  if new.id like 'manual:%' and (new.score_home is not null or new.score_away is not null) then
    new.score_home := coalesce(new.score_home, 0);
    new.score_away := coalesce(new.score_away, 0);
  end if;
  if new.score_home is null and new.score_away is null then
    new.score_at := null;
  elsif tg_op = 'INSERT' then
    new.score_at := coalesce(new.score_at, clock_timestamp());
  elsif new.score_at is null
      or (new.score_home, new.score_away, new.score_final) is distinct from (old.score_home, old.score_away, old.score_final)
      and new.score_at is not distinct from old.score_at then
    new.score_at := clock_timestamp();
  end if;
  if new.clock_seconds is null then
    new.clock_running := null;
    new.clock_at := null;
  else
    new.clock_running := coalesce(new.clock_running, false);
    if tg_op = 'INSERT' then
      new.clock_at := coalesce(new.clock_at, clock_timestamp());
    elsif new.clock_at is null or (new.clock_seconds, new.clock_running) is distinct from (old.clock_seconds, old.clock_running)
        and new.clock_at is not distinct from old.clock_at then
      new.clock_at := clock_timestamp();
    end if;
  end if;
  return new;
end $$;

-- A match that was linked away is spoken of under the id that it is linked to. The shared lock keeps a link of the same
-- provider's match out until this transaction has ended; writers do not wait for each other.
create or replace function touchline.refuse_linked_away(id text) returns void language plpgsql as $$
declare
  canonical text;
begin
  if id like 'manual:%' then
    return;
  end if;
  perform pg_advisory_xact_lock_shared(20263, hashtext(id));
  select l.match into canonical from touchline.link l where l.provider_match = id;
  if found then
    raise exception '% is linked to %: say it of %, or delete the link first', id, canonical, canonical
      using errcode = 'check_violation';
  end if;
end $$;

create or replace function touchline.match_check() returns trigger language plpgsql as $$
begin
  perform touchline.refuse_linked_away(new.id);
  return new;
end $$;

-- To write a price or a line, the same one too, is to confirm it.
create or replace function touchline.confirm() returns trigger language plpgsql as $$
begin
  if new.at is not distinct from old.at then
    new.at := clock_timestamp();
  end if;
  return new;
end $$;

-- A selection makes its market.
create or replace function touchline.selection_market() returns trigger language plpgsql as $$
begin
  insert into touchline.market (match, market) values (new.match, new.market) on conflict do nothing;
  return new;
end $$;

create or replace function touchline.command_check() returns trigger language plpgsql as $$
begin
  new.market := coalesce(new.market, '*');
  if new.match like 'manual:%' then
    perform 1 from touchline.match m where m.id = new.match for key share;
    if not found then
      raise exception 'there is no match %: a command needs one that exists (select id, home, away from touchline.match)', new.match
        using errcode = 'foreign_key_violation';
    end if;
  else
    perform touchline.refuse_linked_away(new.match);
  end if;
  if new.action = 'resume' then
    update touchline.command c set released_at = clock_timestamp()
      where c.match = new.match and c.market = new.market and c.action = 'suspend' and c.released_at is null;
    if not found then
      raise exception 'nothing to resume: no trader has suspended market % of %', new.market, new.match
        using errcode = 'check_violation',
          hint = 'suspended now: ' || coalesce((select string_agg(distinct c.market, ', ') from touchline.command c
            where c.match = new.match and c.action = 'suspend' and c.released_at is null), 'nothing');
    end if;
    new.released_at := clock_timestamp();
  end if;
  return new;
end $$;

-- Links are few: one writer at a time, so that two cannot make a chain together (READ COMMITTED or SERIALIZABLE).
create or replace function touchline.link_check() returns trigger language plpgsql as $$
begin
  if new.provider_match like 'manual:%' or new.provider_match = new.match then
    return new; -- refused by the table's own checks, which say it better
  end if;
  perform pg_advisory_xact_lock(20264, 0);
  perform pg_advisory_xact_lock(20263, hashtext(new.provider_match));
  if exists (select from touchline.link l where l.provider_match = new.match) then
    raise exception '% is itself linked to %: link % to that one', new.match,
      (select l.match from touchline.link l where l.provider_match = new.match), new.provider_match
      using errcode = 'check_violation';
  end if;
  if exists (select from touchline.link l where l.match = new.provider_match) then
    raise exception '% is what % is linked to: delete that link first, links do not form chains', new.provider_match,
      (select string_agg(l.provider_match, ', ') from touchline.link l where l.match = new.provider_match)
      using errcode = 'check_violation';
  end if;
  if new.match like 'manual:%' then
    perform 1 from touchline.match m where m.id = new.match for key share;
    if not found then
      raise exception 'there is no match % to link % to', new.match, new.provider_match using errcode = 'foreign_key_violation';
    end if;
  end if;
  if exists (select from touchline.match m where m.id = new.provider_match) or exists (select from touchline.command c
      where c.match = new.provider_match and c.action = 'suspend' and c.released_at is null) then
    raise exception '% has an operator''s word of its own, which the link would silence: delete its row in match and '
      'resume what is suspended, and say it of % instead', new.provider_match, new.match using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- An operator's own match takes its commands and links with it. A provider's match lives on, and so do its suspensions.
create or replace function touchline.match_deleted() returns trigger language plpgsql as $$
begin
  if old.id like 'manual:%' then
    delete from touchline.command c where c.match = old.id;
    delete from touchline.link l where l.match = old.id;
  end if;
  return null;
end $$;

create or replace function touchline.refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'truncate would not be seen by the documents: use delete from touchline.%', tg_table_name;
end $$;

-- ---------------------------------------------------------------------------------------------------------- documents

-- The body that the feed reads (kind `manual`). Times are ms UTC.
create or replace function touchline.document_of(id text) returns jsonb language sql stable as $$
  select case when m.id is null and (document_of.id like 'manual:%' or c.suspend is null) then '{"deleted": true}'::jsonb
  else jsonb_strip_nulls(jsonb_build_object(
    'fixture', nullif(jsonb_strip_nulls(jsonb_build_object(
      'sport', coalesce(m.sport, g.sport), 'league', g.title, 'home', m.home, 'away', m.away,
      'start', floor(extract(epoch from m.start) * 1000)::bigint)), '{}'),
    'phase', m.phase,
    'period', m.period,
    'score', case when m.score_home is not null then jsonb_build_object('home', m.score_home, 'away', m.score_away,
      'completed', m.score_final, 'at', floor(extract(epoch from m.score_at) * 1000)::bigint) end,
    'clock', case when m.clock_seconds is not null then jsonb_build_object('at',
      floor(extract(epoch from m.clock_at) * 1000)::bigint, 'seconds', m.clock_seconds, 'running', m.clock_running) end,
    'markets', (select jsonb_agg(jsonb_build_object('market', k.market, 'line', trim_scale(k.line),
        'at', floor(extract(epoch from greatest(k.at, s.at)) * 1000)::bigint, 'prices', coalesce(s.prices, '{}'))
        order by k.market collate "C")
      from touchline.market k
      left join lateral (select max(s.at) as at, jsonb_object_agg(s.outcome, trim_scale(s.price)) as prices
        from touchline.selection s where s.match = k.match and s.market = k.market) s on true
      where k.match = document_of.id),
    'incidents', (select jsonb_agg(jsonb_build_object('id', i.id, 'type', i.type, 'side', i.side, 'state', i.state, 'at',
        floor(extract(epoch from i.at) * 1000)::bigint) order by i.at, i.id collate "C")
      from touchline.incident i where i.match = document_of.id),
    'suspend', c.suspend)) end
  from (select jsonb_agg(distinct c.market) as suspend from touchline.command c
        where c.match = document_of.id and c.action = 'suspend' and c.released_at is null) c
  left join touchline.match m on m.id = document_of.id
  left join touchline.league g on g.id = m.league
$$;

-- The matches that a transaction touched; its own rows only, gone before it ends. Unlogged: nothing of it may survive.
create unlogged table if not exists touchline.match_dirty (
  txid   xid8 not null default pg_current_xact_id(),
  match  text not null,
  primary key (txid, match)
);

create or replace function touchline.touch() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op in ('INSERT', 'UPDATE') then
    insert into touchline.match_dirty (match) values (new.match) on conflict do nothing;
  end if;
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.match is distinct from new.match) then
    insert into touchline.match_dirty (match) values (old.match) on conflict do nothing;
  end if;
  return null;
end $$;

create or replace function touchline.touch_match() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op in ('INSERT', 'UPDATE') then
    insert into touchline.match_dirty (match) values (new.id) on conflict do nothing;
  end if;
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.id is distinct from new.id) then
    insert into touchline.match_dirty (match) values (old.id) on conflict do nothing;
  end if;
  return null;
end $$;

create or replace function touchline.touch_league() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into touchline.match_dirty (match) select m.id from touchline.match m where m.league = new.id on conflict do nothing;
  return null;
end $$;

-- What nobody could read must not be committed: the feed's bounds (touchline.feed.Bounds, CapturedRows) that no row can
-- break alone. Those of one value are checks of its table.
create or replace function touchline.refuse_unreadable(matches text[]) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
  field text;
  market record;
begin
  for d in select k.match, k.document, octet_length(convert_to(k.document::text, 'UTF8')) as bytes
      from touchline.match_document k where k.match = any (matches) order by k.match collate "C" loop
    foreach field in array array['markets', 'incidents', 'suspend'] loop
      if jsonb_array_length(coalesce(d.document -> field, '[]')) > 5000 then
        raise exception '% of % has % items, at most 5000 are read: delete those that are not needed, and look for a loop',
          field, d.match, jsonb_array_length(d.document -> field) using errcode = 'check_violation';
      end if;
    end loop;
    for market in select m ->> 'market' as key, count(*) as outcomes
        from jsonb_array_elements(coalesce(d.document -> 'markets', '[]')) m, jsonb_object_keys(m -> 'prices')
        group by 1 having count(*) > 40 order by 1 limit 1 loop
      raise exception 'market % of % has % outcomes, at most 40 are read: delete selections, or spread them over several markets',
        market.key, d.match, market.outcomes using errcode = 'check_violation';
    end loop;
    if d.bytes > 500000 then
      raise exception 'document of % has % bytes, at most 500000 are read: delete markets, selections or incidents that are not needed',
        d.match, d.bytes using errcode = 'check_violation';
    end if;
  end loop;
end $$;

-- Runs at commit. The first call of a transaction does the work for all matches that it touched, so that their locks are
-- taken in one order (of the lock's own key) in every transaction; the others find nothing left. Built by a statement
-- that begins after the locks are held, and so (READ COMMITTED) sees what the transaction before it committed; stricter
-- isolation levels fail with a serialization error instead. Up to 1,000 matches are locked one by one, beyond that all,
-- because the server's lock table is small.
create or replace function touchline.flush_documents() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  dirty text[];
  key int;
begin
  if not exists (select from touchline.match_dirty d where d.txid = new.txid and d.match = new.match) then
    return null;
  end if;
  select array_agg(d.match) into dirty from touchline.match_dirty d where d.txid = new.txid;
  if cardinality(dirty) > 1000 then
    perform pg_advisory_xact_lock(20262, 0);
  else
    perform pg_advisory_xact_lock_shared(20262, 0);
    for key in select distinct hashtext(m) from unnest(dirty) m order by 1 loop
      perform pg_advisory_xact_lock(20261, key);
    end loop;
  end if;
  insert into touchline.match_document as d (match, generation, rev, at, document)
    select b.match, l.generation, 1, clock_timestamp(), b.document
    from (select m as match, touchline.document_of(m) as document from unnest(dirty) m order by m collate "C") b, touchline.lineage l
    where b.document <> '{"deleted": true}' or exists (select from touchline.match_document x where x.match = b.match)
  on conflict (match) do update
    set generation = excluded.generation, rev = d.rev + 1, at = excluded.at, document = excluded.document
    where d.document is distinct from excluded.document;
  perform touchline.refuse_unreadable(dirty);
  delete from touchline.match_dirty d where d.txid = new.txid;
  return null;
end $$;

create or replace function touchline.flush_link() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  provider text;
begin
  foreach provider in array case tg_op when 'DELETE' then array[old.provider_match] when 'INSERT' then array[new.provider_match]
      else array[old.provider_match, new.provider_match] end loop
    insert into touchline.link_state as s (provider_match, match, was, generation, rev, at)
      select p.id, k.match, null, l.generation, 1, clock_timestamp()
      from (select provider as id) p left join touchline.link k on k.provider_match = p.id, touchline.lineage l
      where k.match is not null or exists (select from touchline.link_state x where x.provider_match = p.id)
    on conflict (provider_match) do update
      set match = excluded.match, was = nullif(coalesce(s.match, s.was), excluded.match), generation = excluded.generation, rev = s.rev + 1, at = excluded.at
      where s.match is distinct from excluded.match;
  end loop;
  return null;
end $$;

-- After a restore of this database from a backup: revisions begin in the past, so the generation must be a higher one
-- than ever. Says everything again. Returns the new generation.
create or replace function touchline.raise_generation(at_least bigint default 0) returns bigint language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  raised bigint;
begin
  perform pg_advisory_xact_lock(20264, 0);
  perform pg_advisory_xact_lock(20262, 0);
  update touchline.lineage set generation = greatest(generation + 1, at_least) returning generation into raised;
  -- The document is built anew and not left as it is: an untouched large value would not be in the change stream.
  update touchline.match_document d
    set generation = raised, rev = d.rev + 1, at = clock_timestamp(), document = touchline.document_of(d.match);
  update touchline.link_state s set generation = raised, rev = s.rev + 1, at = clock_timestamp();
  return raised;
end $$;

-- How many rows there are, whoever asks: row-level security hides rows from a snapshot without an error, and this is
-- what the reader compares its own count with.
create or replace function touchline.captured_rows(out documents bigint, out links bigint, out heartbeats bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (select count(*) from touchline.match_document), (select count(*) from touchline.link_state),
    (select count(*) from touchline.heartbeat)
$$;

-- ----------------------------------------------------------------------------------------------------------- triggers

create or replace trigger a_check before insert or update of id on touchline.match
  for each row execute function touchline.match_check();
create or replace trigger b_stamp before insert or update on touchline.match
  for each row execute function touchline.match_stamp();
create or replace trigger c_deleted after delete on touchline.match
  for each row execute function touchline.match_deleted();
create or replace trigger a_market before insert or update of match, market on touchline.selection
  for each row execute function touchline.selection_market();
create or replace trigger b_confirm before update on touchline.selection
  for each row execute function touchline.confirm();
create or replace trigger b_confirm before update on touchline.market
  for each row execute function touchline.confirm();
create or replace trigger a_check before insert on touchline.command
  for each row execute function touchline.command_check();
create or replace trigger a_check before insert or update on touchline.link
  for each row execute function touchline.link_check();

create or replace trigger touch after insert or update or delete on touchline.match
  for each row execute function touchline.touch_match();
create or replace trigger touch after update on touchline.league
  for each row execute function touchline.touch_league();
create or replace trigger touch after insert or update or delete on touchline.market
  for each row execute function touchline.touch();
create or replace trigger touch after insert or update or delete on touchline.selection
  for each row execute function touchline.touch();
create or replace trigger touch after insert or update or delete on touchline.incident
  for each row execute function touchline.touch();
create or replace trigger touch after insert or update or delete on touchline.command
  for each row execute function touchline.touch();

drop trigger if exists flush on touchline.match_dirty;
create constraint trigger flush after insert on touchline.match_dirty
  deferrable initially deferred for each row execute function touchline.flush_documents();
drop trigger if exists flush on touchline.link;
create constraint trigger flush after insert or update or delete on touchline.link
  deferrable initially deferred for each row execute function touchline.flush_link();

do $$
declare
  t text;
begin
  foreach t in array array['league', 'match', 'market', 'selection', 'incident', 'command', 'link', 'match_document', 'link_state'] loop
    execute format('create or replace trigger refuse_truncate before truncate on touchline.%I execute function touchline.refuse_truncate()', t);
  end loop;
end $$;

-- Nobody may do anything that roles.sql does not grant.
revoke all on all functions in schema touchline from public;

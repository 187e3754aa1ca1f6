-- Three roles, each with no more than it needs. Run by a superuser, or (PostgreSQL 16 and later, Supabase) by a role that
-- may create roles and itself has REPLICATION and BYPASSRLS. Passwords are not set here:
--   alter role touchline_cdc password '...';   alter role touchline_operator password '...';
--   alter role touchline_analyst password '...';
-- Safe to run again.

-- Reads the change stream and the three captured tables, and touches the heartbeat. Nothing else.
do $$
begin
  if not exists (select from pg_roles where rolname = 'touchline_cdc') then
    create role touchline_cdc login connection limit 20;
  end if;
  begin
    alter role touchline_cdc replication;
  exception when insufficient_privilege then
    raise warning 'touchline_cdc has no REPLICATION: ask a superuser; on Supabase below Postgres 17 use the role postgres instead';
  end;
  begin
    alter role touchline_cdc bypassrls;
  exception when insufficient_privilege then
    raise warning 'touchline_cdc has no BYPASSRLS: do not enable row-level security on the three captured tables, its snapshot would miss rows';
  end;
end $$;
grant usage on schema touchline to touchline_cdc;
grant select on touchline.match_document, touchline.link_state, touchline.heartbeat to touchline_cdc;
grant update (at) on touchline.heartbeat to touchline_cdc;
grant execute on function touchline.captured_rows() to touchline_cdc;

-- Looks up leagues and teams from SQL. Nothing else.
do $$
begin
  if not exists (select from pg_roles where rolname = 'touchline_analyst') then
    create role touchline_analyst login connection limit 20;
  end if;
end $$;
grant usage on schema touchline to touchline_analyst;
grant select on touchline.league, touchline.team to touchline_analyst;

-- Writes the operators' tables, reads what they became. A login role of a person is granted this one.
do $$
begin
  if not exists (select from pg_roles where rolname = 'touchline_operator') then
    create role touchline_operator login;
  end if;
end $$;
grant usage on schema touchline to touchline_operator;
grant select, insert, update, delete on touchline.league, touchline.match, touchline.market, touchline.selection,
  touchline.incident, touchline.command, touchline.link to touchline_operator;
grant select on touchline.match_document, touchline.link_state to touchline_operator;
grant usage on sequence touchline.match_id, touchline.incident_id to touchline_operator;
grant execute on function touchline.match_check(), touchline.match_stamp(), touchline.match_deleted(),
  touchline.selection_market(), touchline.confirm(), touchline.command_check(), touchline.link_check(),
  touchline.refuse_linked_away(text) to touchline_operator;

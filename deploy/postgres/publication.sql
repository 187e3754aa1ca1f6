-- The publication that the reader of changes attaches to: exactly the three captured tables, never truncates. Run by the
-- tables' owner (who needs CREATE on the database). Safe to run again.
do $$
begin
  if not exists (select from pg_publication where pubname = 'touchline') then
    create publication touchline for table touchline.match_document, touchline.link_state, touchline.heartbeat
      with (publish = 'insert, update, delete');
  else
    alter publication touchline set table touchline.match_document, touchline.link_state, touchline.heartbeat;
    alter publication touchline set (publish = 'insert, update, delete');
  end if;
end $$;

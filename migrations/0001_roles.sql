-- The three roles, made as the user of the connection. `npm run gen` and boot run this in order.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['foedus_owner', 'foedus_app', 'foedus_sweep'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception when duplicate_object or unique_violation then
        null; -- another hub made it meanwhile
      end;
    end if;
    if not pg_has_role(current_user, role_name, 'member') then
      execute format('grant %I to %I', role_name, current_user);
    end if;
  end loop;
end $$;

grant usage, create on schema public to foedus_owner;
grant usage on schema public to foedus_app, foedus_sweep;

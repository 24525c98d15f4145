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
    -- Since PostgreSQL 16 whoever made a role is a member of it and still may not act as it.
    if not (select rolsuper from pg_roles where rolname = current_user) then
      begin
        execute format('grant %I to %I', role_name, current_user);
      exception when insufficient_privilege then
        if not pg_has_role(current_user, role_name, 'member') then
          raise;
        end if;
      end;
    end if;
    -- Where an administrator granted this already, the user of the connection may not do it again.
    if not has_schema_privilege(role_name, 'public', 'usage') then
      execute format('grant usage on schema public to %I', role_name);
    end if;
  end loop;
  if not has_schema_privilege('foedus_owner', 'public', 'create') then
    grant create on schema public to foedus_owner;
  end if;
end $$;

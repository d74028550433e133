-- The app's own policies may let users write rows of the app's tables; the gateway's columns in them are not theirs, and a
-- job that the gateway accepted is not theirs to change: what runs is what it wrote.
-- The triggers that call this are kept by every migrate (gateway/database/rights), which passes the columns.
create function gateway.guard_columns() returns trigger language plpgsql as $$
declare
    was jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}'::jsonb end;
    becomes jsonb := to_jsonb(new);
    item text;
begin
    if (select rolsuper or rolbypassrls from pg_catalog.pg_roles where rolname = current_user) then
        return new;  -- the app's own server, with the service key
    end if;
    if tg_table_name = 'processing_jobs' and was ->> 'pipeline' is not null then
        raise insufficient_privilege using message = 'this job is the gateway''s';
    end if;
    foreach item in array tg_argv loop
        if coalesce(becomes ->> item, '') is distinct from coalesce(was ->> item, '')
            and (tg_op = 'UPDATE' or coalesce(becomes ->> item, '') not in ('', 'false', '0'))
        then
            raise insufficient_privilege using message = 'this column is the gateway''s';
        end if;
    end loop;
    return new;
end $$;

-- Close the job engine's tables and functions to everybody but their owner. Supabase's PostgREST serves the schema
-- `public`: without this, anyone who may call it could read and enqueue jobs. Runs after each migration.

do $$
declare
    item record;
begin
    for item in
        select c.oid::regclass as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname like 'procrastinate\_%'
    loop
        execute format('alter table %s enable row level security', item.name);
        execute format('revoke all on table %s from public', item.name);
    end loop;
    for item in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proname like 'procrastinate\_%'
    loop
        execute format('revoke all on function %s from public', item.name);
    end loop;
    for item in select rolname as name from pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on schema gateway from %I', item.name);
        execute format(
            'revoke all on procrastinate_jobs, procrastinate_events, procrastinate_workers, '
            'procrastinate_periodic_defers from %I', item.name);
    end loop;
    revoke all on schema gateway from public;
end $$;

-- Turn off what 0004_lean_queue.sql replaces: events of entries, which go with the entry when its job is over, and one
-- notification for each entry.
do $$
declare
    item record;
begin
    for item in
        select tgname as name from pg_trigger
        where tgrelid = 'procrastinate_jobs'::regclass and tgenabled <> 'D'
          and (tgname like 'procrastinate\_trigger\_%events%' or tgname like 'procrastinate\_%\_job\_inserted\_%')
    loop
        execute format('alter table procrastinate_jobs disable trigger %I', item.name);
    end loop;
end $$;

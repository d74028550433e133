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

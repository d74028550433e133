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

-- Its indexes that nothing here reads, or that repeat ours, cost each accept: what is ready is found by
-- `procrastinate_jobs_ready`, a user's entries by `procrastinate_jobs_by_lock`. Nobody here uses queueing locks, so their
-- index, which keeps its name and its meaning, holds nothing. Whoever writes at length is not waited for: then they stay.
do $$
declare
    before text := current_setting('lock_timeout');
begin
    begin
        perform set_config('lock_timeout', '500ms', true);
        drop index if exists procrastinate_jobs_id_lock_idx_v1;
        drop index if exists procrastinate_jobs_queue_name_idx_v1;
        drop index if exists procrastinate_jobs_priority_idx_v1;
        if not exists (
            select 1 from pg_indexes
            where indexname = 'procrastinate_jobs_queueing_lock_idx_v1' and indexdef like '%queueing_lock IS NOT NULL%'
        ) then
            drop index if exists procrastinate_jobs_queueing_lock_idx_v1;
            create unique index procrastinate_jobs_queueing_lock_idx_v1 on procrastinate_jobs (queueing_lock)
                where status = 'todo' and queueing_lock is not null;
        end if;
    exception when lock_not_available then
        raise notice 'indexes of the job engine stay';
    end;
    perform set_config('lock_timeout', before, true);
end $$;

-- Removing what is old, and removing one user.

-- name: old_steps
-- Of jobs that are over: nothing will read them again, except an operator's retry of a failed job.
delete from gateway.job_steps
where (job_id, step) in (
    select s.job_id, s.step from gateway.job_steps s
    join processing_jobs j on j.id = s.job_id
    where (j.status = 'complete' and j.completed_at < now() - interval '1 day')
       or (j.status = 'failed' and j.completed_at < now() - make_interval(days => %(days)s))
    limit %(batch)s
);

-- name: old_inputs
delete from gateway.job_inputs
where job_id in (
    select i.job_id from gateway.job_inputs i
    join processing_jobs j on j.id = i.job_id
    where (j.status = 'complete' and j.completed_at < now() - interval '1 day')
       or (j.status = 'failed' and j.completed_at < now() - make_interval(days => %(days)s))
    limit %(batch)s
);

-- name: old_jobs
delete from processing_jobs
where id in (
    select id from processing_jobs
    where status in ('complete', 'failed') and pipeline is not null
      and created_at < now() - make_interval(days => %(days)s)
      and completed_at < now() - make_interval(days => %(days)s)
    limit %(batch)s
);

-- name: old_messages
delete from gateway.outbox
where id in (
    select id from gateway.outbox
    where (delivered_at is not null or gave_up_at is not null) and created_at < now() - make_interval(days => %(days)s)
    limit %(batch)s
);

-- name: old_shadow_runs
delete from gateway.shadow_runs
where job_id in (
    select job_id from gateway.shadow_runs
    where planned_at < now() - make_interval(days => %(shadow_days)s) limit %(batch)s
);

-- name: old_comparisons
delete from gateway.comparisons
where job_id in (
    select job_id from gateway.comparisons
    where created_at < now() - make_interval(days => %(shadow_days)s) limit %(batch)s
);

-- name: old_shadow_budget
delete from gateway.shadow_budget
where day in (select day from gateway.shadow_budget where day < current_date - 366 limit %(batch)s);

-- name: old_kept_chunks
-- A data rollback after that puts the result back, and leaves the chunks of the latest import.
delete from gateway.kept_chunks
where ctid = any (array(
    select ctid from gateway.kept_chunks where kept_at < now() - make_interval(days => %(days)s) limit %(batch)s
));

-- name: old_workers
delete from procrastinate_workers
where id in (
    select id from procrastinate_workers where last_heartbeat < now() - interval '1 hour' limit %(batch)s
);

-- name: lock_jobs
select id::text, status = 'processing' and worker is not null
from processing_jobs where user_id = %(user)s
for update;

-- name: tables_by_user
select c.oid::regclass::text
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
where c.relnamespace = 'gateway'::regnamespace and c.relkind = 'r'
order by 1;

-- name: erase_entries
delete from procrastinate_jobs
where status = 'todo' and args ->> 'job_id' = any(%(jobs)s);

-- name: erase_conversation_chunks
delete from conversation_chunks where user_id = %(user)s;

-- name: erase_user_profiles
delete from user_profiles where user_id = %(user)s;

-- name: erase_processing_jobs
delete from processing_jobs where user_id = %(user)s;

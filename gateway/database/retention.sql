-- Removing what is old, and what belongs to users who are gone.

-- name: old_steps
-- Of jobs that are over: nothing will read them again, except an operator's retry of a failed job.
delete from gateway.job_steps
where (job_id, step) in (
    select s.job_id, s.step from gateway.job_steps s
    join processing_jobs j on j.id = s.job_id
    where (j.status = 'complete' and j.completed_at < now() - interval '1 day')
       or (j.status = 'failed' and j.completed_at < now() - make_interval(days => %(days)s))
    limit %(batch)s
    for update of s skip locked
);

-- name: old_readings
-- Of conversations that none of the user's imports has brought for so long.
delete from gateway.readings
where ctid = any (array(
    select ctid from gateway.readings where used_at < now() - make_interval(days => %(days)s) limit %(batch)s
));

-- name: old_inputs
delete from gateway.job_inputs
where job_id in (
    select i.job_id from gateway.job_inputs i
    join processing_jobs j on j.id = i.job_id
    where (j.status = 'complete' and j.completed_at < now() - interval '1 day')
       or (j.status = 'failed' and j.completed_at < now() - make_interval(days => %(days)s))
    limit %(batch)s
    for update of i skip locked
);

-- name: old_jobs
delete from processing_jobs
where id in (
    select id from processing_jobs
    where status in ('complete', 'failed') and pipeline is not null
      and created_at < now() - make_interval(days => %(days)s)
      and completed_at < now() - make_interval(days => %(days)s)
    order by created_at
    limit %(batch)s
    for update skip locked
);

-- name: old_messages
delete from gateway.outbox
where id in (
    select id from gateway.outbox
    where (delivered_at is not null or gave_up_at is not null) and created_at < now() - make_interval(days => %(days)s)
    limit %(batch)s
    for update skip locked
);

-- name: old_shadow_runs
delete from gateway.shadow_runs
where job_id in (
    select job_id from gateway.shadow_runs
    where planned_at < now() - make_interval(days => %(shadow_days)s) limit %(batch)s
    for update skip locked
);

-- name: old_comparisons
delete from gateway.comparisons
where job_id in (
    select job_id from gateway.comparisons
    where created_at < now() - make_interval(days => %(shadow_days)s) limit %(batch)s
    for update skip locked
);

-- name: old_shadow_budget
delete from gateway.shadow_budget
where day in (select day from gateway.shadow_budget where day < current_date - 366 limit %(batch)s);

-- name: old_language_days
delete from gateway.language_days
where day in (select day from gateway.language_days where day < current_date - 366 limit %(batch)s);

-- name: old_kept_chunks
-- A data rollback after that puts the result back, and leaves the chunks of the latest import.
delete from gateway.kept_chunks
where ctid = any (array(
    select ctid from gateway.kept_chunks where kept_at < now() - make_interval(days => %(days)s) limit %(batch)s
    for update skip locked
));

-- name: old_guarded_rollouts
-- With the users who counted in them: rollouts that nobody has looked at for as long as jobs are kept.
delete from gateway.guard_rollouts
where id in (
    select id from gateway.guard_rollouts
    where coalesce(looked_at, started_at) < now() - make_interval(days => %(days)s) limit %(batch)s
);

-- name: old_guard_looks
delete from gateway.guard_looks
where id in (
    select id from gateway.guard_looks where at < now() - make_interval(days => %(days)s) limit %(batch)s
);

-- name: old_users
-- Users whom the app deleted where no trigger tells of it: their profile went, and with it their jobs. Whoever has a
-- result has a profile.
select removed.rows
from (
    select user_id from gateway.published_profiles k
    where not exists (select 1 from user_profiles p where p.user_id = k.user_id)
      and not exists (select 1 from processing_jobs j where j.user_id = k.user_id)
    group by user_id
    limit %(batch)s
) as gone cross join lateral (select gateway.forget_user(gone.user_id::text) as rows) as removed;

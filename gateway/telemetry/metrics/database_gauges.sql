-- What is counted for scrapes: by one process for all, kept in a row that the others read.

-- name: kept
-- With the seconds for which the next count has been due.
select extract(epoch from clock_timestamp() - counted_at)::float8, found::text,
       extract(epoch from clock_timestamp() - due_at)::float8
from gateway.counts;

-- name: take_turn
-- To count. Whoever dies while counting is replaced when its time is over.
update gateway.counts set due_at = clock_timestamp() + interval '15 s' where due_at <= clock_timestamp() returning 1;

-- name: keep
update gateway.counts
set counted_at = clock_timestamp(), found = %(found)s::jsonb,
    due_at = clock_timestamp() + make_interval(secs => %(seconds)s);

-- name: jobs
-- All that is open, read once: how many there are, and of those that wait to be begun how many, and since when the
-- oldest does. A job put off for another attempt waits since it was put off.
select j.pipeline, j.status, count(*),
       count(*) filter (where j.worker is null and j.waiting_for is null and parked.job_id is null),
       coalesce(extract(epoch from now() - min(case j.status when 'pending' then j.created_at else j.updated_at end)
           filter (where j.worker is null and j.waiting_for is null and parked.job_id is null)), 0)::float8
from processing_jobs j left join gateway.parked_jobs parked on parked.job_id = j.id
where j.status in ('pending', 'processing') and j.pipeline is not null
group by j.pipeline, j.status;

-- name: queues
-- Those of the others that wait to be begun.
select 'shadow' as queue, count(*), coalesce(extract(epoch from now() - min(planned_at)), 0)::float8
from gateway.shadow_runs
where status = 'planned'
union all
select 'outbox', count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8
from gateway.outbox
where delivered_at is null and gave_up_at is null;

-- name: waiting
select waiting_for, count(*) from processing_jobs where waiting_for is not null and status = 'processing' group by waiting_for;

-- name: parked
select count(*) from gateway.parked_jobs;

-- name: failed_users
-- At most so many failed jobs are looked at: in an outage, the newest say enough.
select pipeline, cause, count(distinct user_id)
from (
    select pipeline, user_id, coalesce(failure_cause, 'pipeline') as cause
    from processing_jobs
    where status = 'failed' and completed_at > now() - interval '1 day' and pipeline is not null and not pinned
    order by completed_at desc
    limit 10000
) as failed
group by pipeline, cause;

-- name: workers
select count(*) from gateway.workers where seen_at > now() - make_interval(secs => %(seconds)s);

-- name: guard_look
select extract(epoch from clock_timestamp() - looked_at)::float8 from gateway.guard_leader;

-- name: guard_states
select distinct on (pipeline) pipeline, state, extract(epoch from clock_timestamp() - acted_at)::float8
from gateway.guard_rollouts
order by pipeline, id desc;

-- name: shadow_spent
select coalesce(sum(tokens), 0)::bigint, coalesce(sum(cost_usd), 0)::float8
from gateway.shadow_budget
where day = (now() at time zone 'utc')::date;

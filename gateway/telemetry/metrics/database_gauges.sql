-- What a scrape reads: a few rows from partial indexes that hold only what is open.

-- name: queues
-- What waits to be begun. A job put off for another attempt waits since it was put off.
select 'primary' as queue, count(*) as depth,
       coalesce(extract(epoch from now() - min(case status when 'pending' then created_at else updated_at end)), 0)::float8
from processing_jobs
where status in ('pending', 'processing') and worker is null and pipeline is not null and waiting_for is null
  and not exists (select 1 from gateway.parked_jobs parked where parked.job_id = processing_jobs.id)
union all
select 'shadow', count(*), coalesce(extract(epoch from now() - min(planned_at)), 0)::float8
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

-- name: open_jobs
select pipeline, status, count(*)
from processing_jobs
where status in ('pending', 'processing') and pipeline is not null
group by pipeline, status;

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

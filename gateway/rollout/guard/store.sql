-- What the guard keeps. Evidence is added and never changed; a state is left once, by one statement.

-- name: hold_lead
-- Until the transaction ends: of leaders that overlap, after a pause that outlived the lead, one at a time judges.
select 1 from gateway.guard_leader for update;

-- name: looked
update gateway.guard_leader set looked_at = clock_timestamp();

-- name: risen
-- When the dial last rose from 0: by a change of the flag, made here or seen, or because an override was lifted.
select max(at) from gateway.rollout_changes
where (what = 'rollout' and after ->> 'candidate' = %(pipeline)s
       and coalesce((after ->> 'dial')::float8, 0) > 0 and coalesce((before ->> 'dial')::float8, 0) = 0)
   or (what = 'override' and before @> '{"override": true}' and after @> '{"override": false}');

-- name: latest
select id, pipeline, against, started_at, state, why, limits, slow_seconds, named, split, split_until, verdict, looked_at,
       acted_at, extract(epoch from clock_timestamp() - looked_at)::float8 as seconds_ago
from gateway.guard_rollouts
where pipeline = %(pipeline)s
order by id desc
limit 1;

-- name: begin
-- How long jobs usually take is fixed here, from the two weeks before: the 95th percentile of each class of sizes.
with usual as (
    select gateway.size_class(message_count) as class,
           greatest(%(least)s, percentile_cont(0.95) within group (order by extract(epoch from completed_at - started_at)))
               as seconds
    from processing_jobs
    where status = 'complete' and pipeline = %(against)s and storage_path is not null and not pinned
      and completed_at < coalesce(%(risen)s, clock_timestamp())
      and completed_at > coalesce(%(risen)s, clock_timestamp()) - interval '14 days'
    group by 1
    having count(distinct user_id) >= %(enough)s
)
insert into gateway.guard_rollouts (pipeline, against, started_at, limits, slow_seconds, split_until)
select %(pipeline)s, %(against)s, coalesce(%(risen)s, clock_timestamp()),
       (select coalesce(jsonb_object_agg(class, seconds), '{}') from usual), %(slow_seconds)s,
       coalesce(%(risen)s, clock_timestamp());

-- name: name_users
update gateway.guard_rollouts set named = array(select distinct unnest(named || %(named)s::text[])) where id = %(id)s
returning named;

-- name: add_failures
-- Users who are not on a newer version, by the first of their jobs that failed by the pipeline's own fault. Which side a
-- user is on is the place on the dial, as it was when that job was decided.
insert into gateway.guard_events (rollout, question, user_id, job_id, share, on_candidate, at)
select * from (
    select distinct on (j.user_id)
           %(id)s::bigint, 'failures', j.user_id::text, j.id, round((d.asked ->> 1)::numeric * 100)::float8 / 10000,
           (d.asked ->> 3)::int < round((d.asked ->> 1)::numeric * 100), j.completed_at
    from processing_jobs j
    cross join lateral jsonb_array_elements(j.dials) as d (asked)
    where j.status = 'failed' and coalesce(j.failure_cause, 'pipeline') = 'pipeline' and not j.cancelled
      and j.completed_at > %(since)s and j.created_at >= %(started_at)s
      and j.reason = 'flag' and not j.pinned and j.user_id::text <> all(%(named)s)
      and d.asked ->> 0 = %(pipeline)s and d.asked ->> 3 is not null
    order by j.user_id, j.completed_at, j.id
) as first
order by 7, 4
on conflict do nothing;

-- name: add_slow
-- The same, by the first of their jobs that took longer than the limit of its size, whether it is over or not.
insert into gateway.guard_events (rollout, question, user_id, job_id, share, on_candidate, at)
select * from (
    select distinct on (j.user_id)
           %(id)s::bigint, 'time', j.user_id::text, j.id, round((d.asked ->> 1)::numeric * 100)::float8 / 10000,
           (d.asked ->> 3)::int < round((d.asked ->> 1)::numeric * 100),
           j.started_at + make_interval(secs => j.most) as at
    from (
        select *, coalesce((%(limits)s::jsonb ->> gateway.size_class(message_count))::float8, %(slow_seconds)s) as most
        from processing_jobs
        where status = 'complete' and completed_at > %(since)s
        union all
        select *, coalesce((%(limits)s::jsonb ->> gateway.size_class(message_count))::float8, %(slow_seconds)s)
        from processing_jobs
        where status = 'failed' and coalesce(failure_cause, 'pipeline') = 'pipeline' and not cancelled
          and completed_at > %(since)s
        union all
        select *, coalesce((%(limits)s::jsonb ->> gateway.size_class(message_count))::float8, %(slow_seconds)s)
        from processing_jobs
        where status = 'processing' and failure_cause is null
    ) as j
    cross join lateral jsonb_array_elements(j.dials) as d (asked)
    where coalesce(j.completed_at, clock_timestamp()) - j.started_at > make_interval(secs => j.most)
      and j.created_at >= %(started_at)s and j.storage_path is not null
      and j.reason = 'flag' and not j.pinned and j.user_id::text <> all(%(named)s)
      and d.asked ->> 0 = %(pipeline)s and d.asked ->> 3 is not null
    order by j.user_id, at, j.id
) as first
order by 7, 4
on conflict do nothing;

-- name: add_dependencies
-- The same, by the first of their jobs that a service failed, or that waits for one.
insert into gateway.guard_events (rollout, question, user_id, job_id, share, on_candidate, at)
select * from (
    select distinct on (j.user_id)
           %(id)s::bigint, 'dependencies', j.user_id::text, j.id, round((d.asked ->> 1)::numeric * 100)::float8 / 10000,
           (d.asked ->> 3)::int < round((d.asked ->> 1)::numeric * 100), j.updated_at
    from (
        select * from processing_jobs where status = 'failed' and completed_at > %(since)s and not cancelled
        union all
        select * from processing_jobs where status = 'processing' and failure_cause is not null
    ) as j
    cross join lateral jsonb_array_elements(j.dials) as d (asked)
    where starts_with(j.failure_cause, 'dependency:') and j.created_at >= %(started_at)s
      and j.reason = 'flag' and not j.pinned and j.user_id::text <> all(%(named)s)
      and d.asked ->> 0 = %(pipeline)s and d.asked ->> 3 is not null
    order by j.user_id, j.updated_at, j.id
) as first
order by 7, 4
on conflict do nothing;

-- name: new_users
-- Whoever came for the first time since the dial rose, by the dial and by what the flag said, whatever became of the job.
select round((d.asked ->> 1)::numeric * 100)::int as dial, (d.asked ->> 2)::boolean as is_on, count(*)
from processing_jobs j
cross join lateral jsonb_array_elements(j.dials) as d (asked)
where j.created_at > %(since)s and j.created_at <= %(until)s and j.created_at >= %(started_at)s
  and j.reason in ('flag', 'rolled_back', 'retired') and not j.pinned and j.user_id::text <> all(%(named)s)
  and d.asked ->> 0 = %(pipeline)s and d.asked ->> 3 is not null
  and not exists (
      select 1 from processing_jobs e
      where e.user_id = j.user_id and e.created_at >= %(started_at)s and (e.created_at, e.id) < (j.created_at, j.id)
        and e.reason in ('flag', 'rolled_back', 'retired') and not e.pinned
        and e.dials @> jsonb_build_array(jsonb_build_array(%(pipeline)s::text))
  )
group by 1, 2;

-- name: count_users
update gateway.guard_rollouts set split = %(split)s, split_until = %(until)s where id = %(id)s;

-- name: events
select question, share, on_candidate from gateway.guard_events where rollout = %(id)s order by n;

-- name: lately
-- Users whose jobs ended, or wait for another attempt, in the last so many seconds: by the service that failed them, or ''.
select cause, count(distinct user_id)
from (
    select user_id, case when starts_with(failure_cause, 'dependency:') then failure_cause else '' end as cause
    from processing_jobs
    where created_at > clock_timestamp() - interval '1 day'
      and (status in ('complete', 'failed') or status = 'processing' and failure_cause is not null)
      and updated_at > clock_timestamp() - make_interval(secs => %(seconds)s)
) as jobs
group by cause;

-- name: may_act
-- A ramp of this version that was started without automatic rollbacks keeps the guard from acting.
select not exists (
    select 1 from gateway.ramps where state in ('running', 'paused') and pipeline = %(pipeline)s and not auto_rollback
);

-- name: judged
update gateway.guard_rollouts set verdict = %(verdict)s, looked_at = clock_timestamp()
where id = %(id)s and state in ('watching', 'would_roll_back');

-- name: would_act
update gateway.guard_rollouts set state = 'would_roll_back', why = %(why)s where id = %(id)s and state = 'watching'
returning id;

-- name: begin_to_act
update gateway.guard_rollouts set state = 'acting', why = %(why)s, verdict = %(verdict)s, looked_at = clock_timestamp()
where id = %(id)s and state in ('watching', 'would_roll_back')
returning id;

-- name: acted
update gateway.guard_rollouts set state = 'rolled_back', acted_at = clock_timestamp()
where id = %(id)s and state = 'acting'
returning id;

-- name: clock
select clock_timestamp();

-- name: all_latest
select distinct on (pipeline) id, pipeline, against, started_at, state, why, limits, slow_seconds, named, split, split_until,
       verdict, looked_at, acted_at, extract(epoch from clock_timestamp() - looked_at)::float8 as seconds_ago
from gateway.guard_rollouts
order by pipeline, id desc;

-- name: traffic
-- The last day's users whose version was asked for, and those of them who did not have it, with those whose job failed.
-- Where there were very many jobs, of the newest; where none came before that day, since the first: then it is said of
-- fewer hours, of five minutes at least.
with latest as (
    select * from processing_jobs where created_at > clock_timestamp() - interval '1 day' and pipeline is not null
    order by created_at desc limit %(most)s
), before as (
    select pipeline from processing_jobs where created_at <= clock_timestamp() - interval '1 day'
    order by created_at desc limit 1000
), came as (
    select j.user_id, bool_or((d.asked ->> 2)::boolean) as is_on,
           bool_or(j.status = 'failed' and coalesce(j.failure_cause, 'pipeline') = 'pipeline' and not j.cancelled) as failed
    from latest j
    cross join lateral jsonb_array_elements(j.dials) as d (asked)
    where j.reason = 'flag' and not j.pinned and d.asked ->> 0 = %(pipeline)s
    group by j.user_id
)
select count(*) as users, count(*) filter (where not is_on) as base_users,
       count(*) filter (where not is_on and failed) as base_failed,
       (select case when count(*) < %(most)s and exists (select 1 from before where pipeline is not null) then 24
                    else greatest(extract(epoch from clock_timestamp() - min(created_at)) / 3600, 1.0 / 12) end
        from latest)::float8 as hours
from came;

-- Both sides of a rollout as they became: a version and the one that it is held against, users counted once a side.

-- name: failures
-- Each user's first job that says something of the side that they were on, as the gates of a ramp count them: complete, or
-- failed by the pipeline's own fault. Of the newest jobs of either side, from where the shorter of the two lists begins: sides
-- are compared in the same hours. In spans of equal length.
with mine as (
    select user_id, pipeline, status, created_at, id, completed_at from processing_jobs
    where pipeline = %(pipeline)s and created_at >= %(since)s and created_at < %(until)s and not cancelled
      and (status = 'complete' or status = 'failed' and coalesce(failure_cause, 'pipeline') = 'pipeline')
      and not pinned and reason = 'flag' and user_id::text <> all(%(named)s)
    order by created_at desc limit %(most)s
), others as (
    select user_id, pipeline, status, created_at, id, completed_at from processing_jobs
    where pipeline = %(against)s and created_at >= %(since)s and created_at < %(until)s and not cancelled
      and (status = 'complete' or status = 'failed' and coalesce(failure_cause, 'pipeline') = 'pipeline')
      and not pinned and reason = 'flag' and user_id::text <> all(%(named)s)
    order by created_at desc limit %(most)s
), cut as (
    select greatest((select case when count(*) = %(most)s then min(created_at) end from mine),
                    (select case when count(*) = %(most)s then min(created_at) end from others)) as only_since
), firsts as (
    select distinct on (pipeline, user_id) pipeline, status, coalesce(completed_at, created_at) as at
    from (select * from mine union all select * from others) jobs
    where created_at >= coalesce((select only_since from cut), %(since)s)
    order by pipeline, user_id, created_at, id
)
select pipeline,
       least(width_bucket(extract(epoch from at)::float8, extract(epoch from %(since)s::timestamptz)::float8,
                          extract(epoch from %(until)s::timestamptz)::float8, %(points)s), %(points)s) as span,
       count(*) as users, count(*) filter (where status = 'failed') as hits,
       (select only_since from cut) as only_since
from firsts group by 1, 2 order by 2, 1;

-- name: times
-- How long each user's first complete job took that read an export from its store; of the newest, as above.
with mine as (
    select user_id, pipeline, created_at, id, completed_at, started_at from processing_jobs
    where pipeline = %(pipeline)s and created_at >= %(since)s and created_at < %(until)s and status = 'complete'
      and storage_path is not null and not pinned and reason = 'flag' and user_id::text <> all(%(named)s)
    order by created_at desc limit %(most_times)s
), others as (
    select user_id, pipeline, created_at, id, completed_at, started_at from processing_jobs
    where pipeline = %(against)s and created_at >= %(since)s and created_at < %(until)s and status = 'complete'
      and storage_path is not null and not pinned and reason = 'flag' and user_id::text <> all(%(named)s)
    order by created_at desc limit %(most_times)s
), cut as (
    select greatest((select case when count(*) = %(most_times)s then min(created_at) end from mine),
                    (select case when count(*) = %(most_times)s then min(created_at) end from others)) as only_since
)
select distinct on (pipeline, user_id) pipeline, completed_at, extract(epoch from completed_at - started_at)::float8
from (select * from mine union all select * from others) jobs
where completed_at is not null and started_at is not null
  and created_at >= coalesce((select only_since from cut), %(since)s)
order by pipeline, user_id, created_at, id;

-- name: split
-- Users who came for the first time since then, by what the flag said of them at this dial.
with asked as (
    select j.user_id, j.created_at, j.id, (d.asked ->> 2)::boolean as is_on
    from processing_jobs j
    cross join lateral jsonb_array_elements(j.dials) as d (asked)
    where j.created_at >= %(dial_since)s and j.created_at < %(until)s and j.reason in ('flag', 'rolled_back', 'retired')
      and not j.pinned and j.user_id::text <> all(%(named)s)
      and d.asked ->> 0 = %(pipeline)s and d.asked ->> 3 is not null and (d.asked ->> 1)::float8 = %(dial)s
    order by j.created_at desc limit %(most)s
), firsts as (
    select distinct on (user_id) created_at, is_on from asked order by user_id, created_at, id
)
select %(pipeline)s::text as pipeline,
       least(width_bucket(extract(epoch from created_at)::float8, extract(epoch from %(dial_since)s::timestamptz)::float8,
                          extract(epoch from %(until)s::timestamptz)::float8, %(points)s), %(points)s) as span,
       count(*) as users, count(*) filter (where is_on) as hits
from firsts group by 2 order by 2;

-- name: left_out
-- Jobs that are in no rate: cancelled, and failed by a service. Of the newest of either side.
select pipeline, case when cancelled then 'cancelled' else failure_cause end as why, count(*)
from (
    (select pipeline, cancelled, failure_cause, status from processing_jobs
     where pipeline = %(pipeline)s and created_at >= %(since)s and created_at < %(until)s
     order by created_at desc limit %(most)s)
    union all
    (select pipeline, cancelled, failure_cause, status from processing_jobs
     where pipeline = %(against)s and created_at >= %(since)s and created_at < %(until)s
     order by created_at desc limit %(most)s)
) jobs
where status = 'failed' and (cancelled or starts_with(failure_cause, 'dependency:'))
group by 1, 2 order by 1, 3 desc, 2;

-- Users by the version that served them, for operators.

-- name: by_version
-- Of the newest jobs since then, at most so many. A user who had several versions counts for each of them.
with looked_at as (
    select pipeline, reason, user_id, created_at, status = 'failed' and not cancelled as failed
    from processing_jobs
    where created_at >= %(since)s and pipeline is not null
      and (%(until)s::timestamptz is null or created_at < %(until)s::timestamptz)
    order by created_at desc
    limit %(most)s
), by_reason as (
    select pipeline, reason, user_id, bool_or(failed) as failed, count(*) as jobs
    from looked_at group by pipeline, reason, user_id
), users as (
    select pipeline, user_id, bool_or(failed) as failed, sum(jobs) as jobs from by_reason group by pipeline, user_id
), reasons as (
    select pipeline, jsonb_object_agg(coalesce(reason, 'unknown'), users) as reasons
    from (select pipeline, reason, count(*) as users from by_reason group by pipeline, reason) as counted
    group by pipeline
)
select u.pipeline, count(*) as users, count(*) filter (where u.failed) as failed,
       count(*) filter (where p.pipeline = u.pipeline) as live, sum(u.jobs)::bigint as jobs, r.reasons,
       (select case when count(*) = %(most)s then min(created_at) end from looked_at) as only_since
from users u
join reasons r on r.pipeline = u.pipeline
left join user_profiles p on p.user_id = u.user_id
group by u.pipeline, r.reasons
order by length(u.pipeline) desc, u.pipeline desc;

-- name: of_version
select j.user_id::text as user_id, count(*) as jobs, count(*) filter (where j.status = 'failed' and not j.cancelled) as failed,
       min(j.created_at) as first_at, max(j.created_at) as last_at,
       (array_agg(case when j.cancelled then 'cancelled' else j.status end order by j.created_at desc))[1] as last_status,
       (select p.pipeline from user_profiles p where p.user_id = j.user_id) as live
from processing_jobs j
where j.pipeline = %(pipeline)s and j.created_at >= %(since)s
  and (%(until)s::timestamptz is null or j.created_at < %(until)s::timestamptz)
  and (%(after)s::text is null or j.user_id::text > %(after)s::text)
group by j.user_id
order by j.user_id::text
limit %(limit)s;

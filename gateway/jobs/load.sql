-- name: last_day
-- Jobs of the last day, at most so many of the newest, and what a run took; what a comparison's run of the version cost.
-- `hours`: in which they came. Where none came before that day, since the first of them; five minutes at least.
with jobs as (
    select pipeline, created_at, extract(epoch from completed_at - started_at)::float8 as seconds
    from processing_jobs
    where created_at > now() - interval '1 day' and pipeline is not null
    order by created_at desc
    limit %(most)s
), before as (
    select pipeline from processing_jobs where created_at <= now() - interval '1 day'
    order by created_at desc limit 1000
)
select count(*) as jobs,
       case when count(*) < %(most)s and exists (select 1 from before where pipeline is not null) then 24
            else greatest(extract(epoch from now() - min(created_at))::float8 / 3600, 1.0 / 12) end as hours,
       avg(seconds) filter (where pipeline = %(pipeline)s) as own_seconds, avg(seconds) as seconds,
       (select avg(cost_usd) from gateway.shadow_runs
        where planned_at > now() - interval '1 day' and shadow_pipeline = %(pipeline)s
          and outcome = 'compared') as usd
from jobs;

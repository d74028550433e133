-- name: last_day
-- Jobs of the last day, at most so many of the newest, and what a run took; what a comparison's run of the version cost.
with jobs as (
    select pipeline, created_at, extract(epoch from completed_at - started_at)::float8 as seconds
    from processing_jobs
    where created_at > now() - interval '1 day' and pipeline is not null
    order by created_at desc
    limit %(most)s
)
select count(*) as jobs,
       case when count(*) = %(most)s then extract(epoch from now() - min(created_at))::float8 / 3600
            else 24 end as hours,
       avg(seconds) filter (where pipeline = %(pipeline)s) as own_seconds, avg(seconds) as seconds,
       (select avg(cost_usd) from gateway.shadow_runs
        where planned_at > now() - interval '1 day' and shadow_pipeline = %(pipeline)s
          and outcome = 'compared') as usd
from jobs;

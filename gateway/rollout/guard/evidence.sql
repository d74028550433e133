-- What jobs did, for the guard.

-- name: sample
-- Times are of runs that read an export from its store, as every run of a candidate does: v1 alone also serves requests
-- without one, which are over sooner. A job that was turned to another pipeline ran partly as the one before.
select count(*) filter (where status = 'complete') as complete,
       count(*) filter (where status = 'failed' and not cancelled) as failed,
       percentile_cont(0.5) within group (order by seconds) as median_seconds,
       count(seconds) as timed
from (
    select status, cancelled,
           case when status = 'complete' and storage_path is not null and reason <> 'rolled_back'
               then extract(epoch from completed_at - started_at)::float8
           end as seconds
    from processing_jobs
    where pipeline = %(pipeline)s and created_at >= %(since)s
) as jobs;

-- name: overdue
select count(*)
from processing_jobs
where status = 'processing' and pipeline = %(pipeline)s
  and started_at < clock_timestamp() - make_interval(secs => %(seconds)s);

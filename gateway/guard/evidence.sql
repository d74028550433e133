-- What jobs did, for the guard.

-- name: sample
-- Jobs that were turned to another pipeline ran partly as the one before: their times say nothing.
select count(*) filter (where status = 'complete') as complete,
       count(*) filter (where status = 'failed' and not cancelled) as failed,
       percentile_cont(0.5) within group (order by extract(epoch from completed_at - started_at)::float8)
           filter (where status = 'complete' and reason <> 'rolled_back') as median_seconds
from processing_jobs
where pipeline = %(pipeline)s and created_at >= %(since)s;

-- name: overdue
select count(*)
from processing_jobs
where status = 'processing' and pipeline = %(pipeline)s
  and started_at < clock_timestamp() - make_interval(secs => %(seconds)s);

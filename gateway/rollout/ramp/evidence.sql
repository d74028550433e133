-- What jobs did, for a ramp.

-- name: sample
-- Users, each by the first job of theirs that says something of the pipeline: it is complete, or it failed by the
-- pipeline's own fault (a version that kept no cause may have closed it). Only jobs that the split sent count, and no users
-- whom the flag calls by name. Times are of runs that read an export from its store.
with telling as (
    select user_id, created_at, id, status, reason, storage_path, completed_at - started_at as took
    from processing_jobs
    where pipeline = %(pipeline)s and created_at >= %(since)s and not cancelled
      and (status = 'complete' or status = 'failed' and coalesce(failure_cause, 'pipeline') = 'pipeline')
      and not pinned and reason = 'flag' and user_id::text <> all(%(named)s)
), ended as (
    select distinct on (user_id) status from telling order by user_id, created_at, id
), timed as (
    select distinct on (user_id) extract(epoch from took)::float8 as seconds
    from telling
    where status = 'complete' and storage_path is not null
    order by user_id, created_at, id
)
select (select count(*) from ended where status = 'complete') as complete,
       (select count(*) from ended where status = 'failed') as failed,
       (select percentile_cont(0.5) within group (order by seconds) from timed) as median_seconds,
       (select count(seconds) from timed) as timed;

-- name: overdue
select count(distinct user_id)
from processing_jobs
where status = 'processing' and pipeline = %(pipeline)s
  and not pinned and reason is distinct from 'forced' and user_id::text <> all(%(named)s)
  and started_at < clock_timestamp() - make_interval(secs => %(seconds)s);

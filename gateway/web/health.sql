-- What the deep health check reads.

-- name: workers
-- A worker registers once for each queue that it takes from.
select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %(seconds)s);

-- name: queue
select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8
from processing_jobs
where status = 'pending' and pipeline is not null;

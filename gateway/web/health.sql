-- What the deep health check reads.

-- name: queue
select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8
from processing_jobs
where status = 'pending' and pipeline is not null;

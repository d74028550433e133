-- Looking for open jobs that nothing delivers.

-- name: take_turn
select pg_try_advisory_xact_lock(7316402116);

-- name: open_jobs
-- The next so many of each status, in the order in which they came; those that had no change for a while.
with page as (
    (
        select id, user_id, pipeline, status, created_at, updated_at from processing_jobs
        where status = 'pending' and (created_at, id) > (%(pending_at)s::timestamptz, %(pending)s::uuid)
        order by created_at, id limit %(page)s
    )
    union all
    (
        select id, user_id, pipeline, status, created_at, updated_at from processing_jobs
        where status = 'processing' and (created_at, id) > (%(processing_at)s::timestamptz, %(processing)s::uuid)
        order by created_at, id limit %(page)s
    )
)
select j.id::text, j.user_id::text, j.pipeline, j.status, j.created_at::text,
       j.pipeline is not null and j.updated_at < now() - make_interval(secs => %(seconds)s)
       and not exists (select 1 from gateway.parked_jobs parked where parked.job_id = j.id)
from page j
order by j.created_at, j.id;

-- The job engine's entries, where its own statements are not guarded enough: an entry is finished or put back only by
-- the worker that holds it, so a worker that was paused and lost it cannot finish it for the one that runs it now.

-- name: finish
-- The next job of the same user waited for this one: it is announced, since nothing else would tell of it.
with entry as (
    delete from procrastinate_jobs where id = %(id)s and status = 'doing' and worker_id = %(worker)s
    returning id, lock
)
select pg_notify(
    'procrastinate_queue_v1#' || next.queue_name, json_build_object('type', 'job_inserted', 'job_id', next.id)::text
)
from entry
cross join lateral (
    select id, queue_name from procrastinate_jobs other
    where other.lock = entry.lock and other.status = 'todo'
    order by priority desc, id
    limit 1
) as next;

-- name: put_back
with entry as (
    update procrastinate_jobs
    set status = 'todo', attempts = attempts + 1, worker_id = null, abort_requested = false,
        scheduled_at = now() + make_interval(secs => %(seconds)s),
        queue_name = coalesce(%(queue)s::text, queue_name)
    where id = %(id)s and status = 'doing' and worker_id = %(worker)s
    returning id, queue_name
)
select pg_notify(
    'procrastinate_queue_v1#' || queue_name, json_build_object('type', 'job_inserted', 'job_id', id)::text
)
from entry;

-- name: beat
-- Puts the worker's row back if others took it for dead: entries refer to it.
insert into procrastinate_workers (id, last_heartbeat) overriding system value
values (%(worker)s, now())
on conflict (id) do update set last_heartbeat = now();

-- name: recover
-- Entries of workers that died: one statement, so that two workers cannot put back the same one twice.
with entry as (
    update procrastinate_jobs
    set status = 'todo', attempts = attempts + 1, worker_id = null, abort_requested = false, scheduled_at = null
    where status = 'doing' and (
        worker_id is null
        or worker_id in (
            select id from procrastinate_workers where last_heartbeat < now() - make_interval(secs => %(seconds)s)
        )
    )
    returning id, queue_name
)
select id, pg_notify(
    'procrastinate_queue_v1#' || queue_name, json_build_object('type', 'job_inserted', 'job_id', id)::text
)
from entry;

-- The job engine's entries. Here and in the migrations alone are its tables named.
--
-- Its own statements are not guarded enough: here an entry is finished or put back only by the worker that holds it, so
-- a worker that was paused and lost it cannot finish it for the one that runs it now. And they read all that waits to
-- find what is due in one queue: here what is ready is marked by an empty `scheduled_at`, in an index by queue. Its order
-- is by `-priority`, which no index of the engine's has: the planner cannot take one that reads the other queues first.

-- name: tell
select pg_notify('procrastinate_queue_v1#' || queue, %(told)s) from unnest(%(queues)s::text[]) as queue;

-- name: look
-- How many entries were ever made, and which queues have something ready. What was put back for later and is due becomes ready here, whoever looks first.
with due as (
    select id from procrastinate_jobs
    where status = 'todo' and scheduled_at is not null and scheduled_at <= now()
    order by scheduled_at
    limit 500
    for update skip locked
), ready as (
    update procrastinate_jobs j set scheduled_at = null from due where j.id = due.id returning j.queue_name
)
select (select last_value from procrastinate_jobs_id_seq), array(
select queue from unnest(%(queues)s::text[]) as queue
where coalesce((
    select true from procrastinate_jobs j
    where j.queue_name = queue and j.status = 'todo' and j.scheduled_at is null
    order by -j.priority, j.id
    limit 1
), false) or queue in (select queue_name from ready)
);

-- name: fetch
-- Of one queue; never one whose user has an earlier entry that waits or runs, in whichever queue.
with candidate as (
    select id from procrastinate_jobs j
    where j.queue_name = %(queue)s and j.status = 'todo' and j.scheduled_at is null
      and not exists (
          select 1 from procrastinate_jobs other
          where other.lock = j.lock and (
              other.status = 'doing'
              or other.status = 'todo' and (
                  other.priority > j.priority or other.priority = j.priority and other.id < j.id
              )
          )
      )
    order by -j.priority, j.id
    limit 1
    for update of j skip locked
)
update procrastinate_jobs j set status = 'doing', worker_id = %(worker)s
from candidate where j.id = candidate.id
returning j.id, j.status::text, j.task_name, j.priority, j.lock, j.queueing_lock, j.args, j.scheduled_at, j.queue_name,
          j.attempts, j.worker_id;

-- name: finish
-- The next job of the same user waited for this one: the queue in which it waits is told, since nothing else would.
with entry as (
    delete from procrastinate_jobs where id = %(id)s and status = 'doing' and worker_id = %(worker)s
    returning id, lock
)
select next.queue_name
from entry
cross join lateral (
    select id, queue_name from procrastinate_jobs other
    where other.lock = entry.lock and other.status = 'todo' and other.scheduled_at is null
    order by priority desc, id
    limit 1
) as next;

-- name: put_back
update procrastinate_jobs
set status = 'todo', attempts = attempts + 1, worker_id = null, abort_requested = false,
    scheduled_at = case when %(seconds)s > 0 then now() + make_interval(secs => %(seconds)s) end,
    queue_name = coalesce(%(queue)s::text, queue_name)
where id = %(id)s and status = 'doing' and worker_id = %(worker)s
returning case when scheduled_at is null then queue_name end;

-- name: beat
-- Of all queues that a process takes from. Puts back the rows that others took for dead: entries refer to them.
insert into procrastinate_workers (id, last_heartbeat) overriding system value
select id, now() from unnest(%(workers)s::bigint[]) as id
order by id
on conflict (id) do update set last_heartbeat = now();

-- name: recover
-- Entries of workers that died: one statement, so that two workers cannot put back the same one twice.
update procrastinate_jobs
set status = 'todo', attempts = attempts + 1, worker_id = null, abort_requested = false, scheduled_at = null
where status = 'doing' and (
    worker_id is null
    or worker_id in (
        select id from procrastinate_workers where last_heartbeat < now() - make_interval(secs => %(seconds)s)
    )
)
returning queue_name;

-- name: wake
update procrastinate_jobs q set scheduled_at = null
from unnest(%(locks)s::text[], %(args)s::jsonb[]) as wanted (lock, args)
where q.lock = wanted.lock and q.status = 'todo' and q.args = wanted.args and q.scheduled_at > now()
returning q.queue_name;

-- name: move
-- An entry that waits is moved with its number: it keeps its place among those that came before and after it.
update procrastinate_jobs q set queue_name = %(to)s
from unnest(%(locks)s::text[], %(args)s::jsonb[]) as wanted (lock, args)
where q.lock = wanted.lock and q.status = 'todo' and q.args = wanted.args;

-- name: lost
-- One look into the index by lock for each: what waits is never read as a whole.
select wanted.n
from unnest(%(locks)s::text[], %(args)s::jsonb[]) with ordinality as wanted (lock, args, n)
where not coalesce((
    select true from procrastinate_jobs q
    where q.lock = wanted.lock and q.status in ('todo', 'doing') and q.args = wanted.args
    limit 1
), false)
order by wanted.n;

-- name: waiting
select queue_name, task_name, args, lock, priority from procrastinate_jobs
where queue_name = %(queue)s and status = 'todo' and scheduled_at is null
order by -priority, id
limit %(limit)s;

-- name: count
select count(*) from procrastinate_jobs where queue_name = %(queue)s and status = 'todo' and scheduled_at is null;

-- name: forget_silent
delete from procrastinate_workers
where id in (
    select id from procrastinate_workers where last_heartbeat < now() - interval '1 hour' limit 1000
);

-- name: enqueue_made
-- A part of the statement that accepts jobs: entries of the rows of `made`, by the queue of each one's pipeline.
insert into procrastinate_jobs (queue_name, task_name, lock, args)
select (%(queues)s::text[])[array_position(%(pipelines)s::text[], pipeline)], 'run_job', user_id::text,
       jsonb_build_object('job_id', id::text)
from made

-- Orders for many jobs, and the jobs that they mean. A batch is one transaction that holds its order.

-- name: begin
-- One that is the same and still under way is not begun twice.
insert into gateway.job_orders (kind, wanted, actor, via, why, expected)
select %(kind)s, %(wanted)s, %(actor)s, %(via)s, %(why)s, %(expected)s
where not exists (
    select 1 from gateway.job_orders
    where state = 'running' and kind = %(kind)s and jsonb_strip_nulls(wanted - 'since') = jsonb_strip_nulls(%(wanted)s::jsonb - 'since')
)
returning id;

-- name: under_way
select id from gateway.job_orders where state = 'running' order by id limit 1;

-- name: hold
select id, kind, wanted, actor, via, why, state, expected, looked_at, done, place_at, place_id::text as place_id, started_at,
       updated_at, ended_at, now() as now
from gateway.job_orders
where id = %(id)s and state = 'running'
for update skip locked;

-- name: latest
select id, kind, wanted, actor, via, why, state, expected, looked_at, done, place_at, place_id::text as place_id, started_at,
       updated_at, ended_at, now() as now
from gateway.job_orders order by id desc limit %(limit)s;

-- name: order
select id, kind, wanted, actor, via, why, state, expected, looked_at, done, place_at, place_id::text as place_id, started_at,
       updated_at, ended_at, now() as now
from gateway.job_orders where id = %(id)s;

-- name: advance
update gateway.job_orders
set looked_at = looked_at + %(looked_at)s, done = done + %(done)s, place_at = coalesce(%(place_at)s, place_at),
    place_id = coalesce(%(place_id)s::uuid, place_id), updated_at = now(),
    state = case when %(over)s then 'done' else state end, ended_at = case when %(over)s then now() end
where id = %(id)s and state = 'running';

-- name: stop
update gateway.job_orders set state = 'stopped', ended_at = now(), updated_at = now()
where id = %(id)s and state = 'running'
returning id;

-- name: pick
-- The next ones behind the place, newest first. Those of another program can be cancelled, and never run.
select id::text, user_id::text, pipeline, reason, pinned, storage_path, inline, created_at, coalesce(dial, 0) as dial,
       coalesce(flag_revision, '') as revision, extract(epoch from clock_timestamp() - created_at)::float8 as age_seconds
from processing_jobs
where created_at is not null and status = %(status)s::text and cancelled = %(cancelled)s::boolean
  and (%(kind)s::text = 'cancel' or pipeline is not null)
  and (%(pipeline)s::text is null or pipeline = %(pipeline)s::text)
  and (%(step)s::text is null or current_step = %(step)s::text)
  and (%(cause)s::text is null or split_part(failure_cause, ':', 1) = %(cause)s::text)
  and (%(since)s::timestamptz is null or created_at >= %(since)s::timestamptz)
  and (%(until)s::timestamptz is null or created_at < %(until)s::timestamptz)
  and (%(begun)s::timestamptz is null or created_at <= %(begun)s::timestamptz)
  and (%(user)s::text is null or user_id = (
      jsonb_populate_record(null::processing_jobs, jsonb_build_object('user_id', %(user)s::text))
  ).user_id)
  and (%(place_at)s::timestamptz is null or (created_at, id) < (%(place_at)s::timestamptz, %(place_id)s::uuid))
order by created_at desc, id desc
limit %(limit)s;

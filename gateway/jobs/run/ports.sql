-- What a primary run reads and stages. Whatever it writes holds the claim.

-- name: read_input
select body from gateway.job_inputs where job_id = %(id)s;

-- name: read_chunks
select id::text, conversation_id, coalesce(title, ''), content, coalesce(message_count, 0), created_at,
       coalesce(is_recent, false), coalesce(chunk_tier, 'medium')
from conversation_chunks
where user_id = %(user)s
  and (%(first)s or (created_at, conversation_id, id) > (%(time)s, %(conversation)s, %(id)s::uuid))
order by created_at, conversation_id, id
limit %(page)s;

-- name: hold
select 1 from processing_jobs
where id = %(id)s and fence = %(fence)s and status = 'processing'
for share;

-- name: forget_from
delete from gateway.staged_chunks where job_id = %(id)s and n >= %(start)s;

-- name: stage
copy gateway.staged_chunks (
    job_id, n, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier
) from stdin;

-- name: count_staged
select coalesce(max(n) + 1, 0) from gateway.staged_chunks where job_id = %(id)s;

-- name: load_step
select payload::text from gateway.job_steps where job_id = %(id)s and step = %(step)s and version = %(version)s;

-- name: save_step
insert into gateway.job_steps (job_id, step, version, payload, seconds)
select %(id)s, %(step)s, %(version)s, %(payload)s, %(seconds)s
from processing_jobs
where id = %(id)s and fence = %(fence)s and status = 'processing'
for share
on conflict (job_id, step) do update
set version = excluded.version, payload = excluded.payload, seconds = excluded.seconds, created_at = now();

-- name: load_readings
-- What another job paid for costs nothing here. `used_at` says what retention may take: once a day is often enough.
with used as (
    update gateway.readings set used_at = now()
    where user_id = (select user_id::text from processing_jobs where id = %(id)s) and key = any(%(keys)s) and used_at < now() - interval '1 day'
)
select key, (case when job_id = %(id)s then payload else payload - 'usage' end)::text
from gateway.readings
where user_id = (select user_id::text from processing_jobs where id = %(id)s) and key = any(%(keys)s);

-- name: save_readings
with held as (
    select id, user_id::text as user_id, started_at from processing_jobs
    where id = %(id)s and fence = %(fence)s and status = 'processing'
    for share
), saved as (
    insert into gateway.readings (user_id, key, job_id, payload)
    select held.user_id, read.key, held.id, read.payload::jsonb
    from held cross join unnest(%(keys)s::text[], %(payloads)s::text[]) as read (key, payload)
    -- What was written from facts that were forgotten meanwhile is not kept.
    where read.key not like 'written/%%' or not exists (
        select 1 from gateway.forgotten_facts f
        where f.user_id = held.user_id and f.forgotten_at > held.started_at
    )
    on conflict (user_id, key) do update set job_id = excluded.job_id, payload = excluded.payload, used_at = now()
)
select 1 from held;

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

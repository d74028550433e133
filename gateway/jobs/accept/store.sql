-- Accepting jobs. `{user_id}` is the type of that column in the app's table: text or uuid.

-- name: accept
-- One statement is one transaction: the jobs, the export that came along (`body`, one job only), the queue entries, both
-- in the order in which they were asked for. Where nothing repeats, what deals with it is left out, and what says which
-- rows were made: a row costs less, and one that does repeat fails the statement.
with made as (
    insert into processing_jobs (
        id, user_id, status, storage_path, conversation_count, message_count, current_step, progress, attempts,
        created_at, updated_at, pipeline, reason, dial, flag_revision, dials, pinned, shadow, request_key, inline
    )
    select id, user_id::{user_id}, 'pending', path, conversations, messages, 'queued', 0, 0, now(), now(),
           (%(pipelines)s::text[])[kind], (%(reasons)s::text[])[kind], (%(dial)s::real[])[kind],
           (%(revisions)s::text[])[kind], asked::jsonb, (%(pinned)s::boolean[])[kind], (%(shadow)s::text[])[kind],
           request_key, inline
    from unnest(
        %(ids)s::uuid[], %(users)s::text[], %(paths)s::text[], %(conversations)s::integer[], %(messages)s::integer[],
        %(keys)s::text[], %(inline)s::boolean[], %(asked)s::text[], %(kinds)s::integer[]
    ) as wanted (id, user_id, path, conversations, messages, request_key, inline, asked, kind)
    {unless_repeated}
    returning id, user_id, pipeline
)
{store_export}
{enqueue};

-- name: made
select id::text from made

-- name: store_export
, stored as (
    insert into gateway.job_inputs (job_id, body)
    select id, %(body)s::bytea from made where %(body)s::bytea is not null
)

-- name: find_under_way
-- For rows that were not inserted: the row itself (an earlier try did commit), or the same request's job. Two looks into
-- indexes for each, whatever is in the table.
select wanted.id::text as asked,
       coalesce(own.id, same.id)::text as job_id,
       coalesce(own.pipeline, same.pipeline) as pipeline,
       own.id is null as joined
from unnest(%(ids)s::uuid[], %(users)s::text[], %(keys)s::text[]) as wanted (id, user_id, request_key)
left join lateral (
    select id, pipeline from processing_jobs j where j.id = wanted.id limit 1
) own on true
left join lateral (
    select id, pipeline from processing_jobs j
    where j.user_id = wanted.user_id::{user_id} and j.request_key = wanted.request_key
      and j.status in ('pending', 'processing')
    limit 1
) same on true
where own.id is not null or same.id is not null;

-- name: type_of_user_id
select format_type(atttypid, null) from pg_attribute
where attrelid = 'processing_jobs'::regclass and attname = 'user_id';

-- name: count_export_bytes
-- Of exports that came along. Nothing of them is read: their sizes stand beside them.
select coalesce(sum(octet_length(body)), 0)::bigint from gateway.job_inputs;

-- name: forget_failed_exports
-- Where there is no room left: those that are kept only so that a failed job can be tried again.
delete from gateway.job_inputs using processing_jobs
where processing_jobs.id = job_inputs.job_id and processing_jobs.status = 'failed';

-- name: count_waiting
select count(*) from (select 1 from processing_jobs where status = 'pending' limit %(limit)s) as waiting;

-- Accepting jobs. A row is a whole processing_jobs row as JSON, so `user_id` may be text or uuid.

-- name: accept
-- One statement is one transaction: the jobs, the export that came along (`body`, one job only), the queue entries.
with wanted as materialized (
    select * from jsonb_populate_recordset(null::processing_jobs, %(rows)s::jsonb)
), made as (
    insert into processing_jobs (
        id, user_id, status, storage_path, conversation_count, message_count, current_step, progress, attempts,
        created_at, updated_at, pipeline, reason, dial, flag_revision, pinned, shadow, request_key, inline
    )
    select id, user_id, 'pending', storage_path, conversation_count, message_count, 'queued', 0, 0,
           now(), now(), pipeline, reason, dial, flag_revision, pinned, shadow, request_key, inline
    from wanted
    on conflict do nothing
    returning id, user_id
), stored as (
    insert into gateway.job_inputs (job_id, body)
    select id, %(body)s::bytea from made where %(body)s::bytea is not null
), queued as (
    select procrastinate_defer_jobs_v1(array_agg(
        row(
            %(queue)s::text, %(task)s::text, 0, user_id::text, null, jsonb_build_object('job_id', id::text), null
        )::procrastinate_job_to_defer_v1
    ))
    from made
    having count(*) > 0
)
select made.id::text from made cross join queued;

-- name: find_under_way
-- For rows that were not inserted: the row itself (an earlier try did commit), or the same request's job.
select wanted.id::text as asked,
       coalesce(own.id, same.id)::text as job_id,
       coalesce(own.pipeline, same.pipeline) as pipeline,
       own.id is null as joined
from jsonb_populate_recordset(null::processing_jobs, %(rows)s::jsonb) as wanted
left join processing_jobs own on own.id = wanted.id
left join processing_jobs same
    on same.user_id = wanted.user_id
    and same.request_key = wanted.request_key
    and same.status in ('pending', 'processing')
where own.id is not null or same.id is not null;

-- name: count_waiting
select count(*) from (select 1 from processing_jobs where status = 'pending' limit %(limit)s) as waiting;

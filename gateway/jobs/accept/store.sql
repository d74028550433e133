-- Accepting jobs. A row is a whole processing_jobs row as JSON, so `user_id` may be text or uuid.

-- name: accept
-- One statement is one transaction: the jobs, the export that came along (`body`, one job only), the queue entries.
with wanted as materialized (
    select * from json_populate_recordset(null::processing_jobs, %(rows)s::json)
), made as (
    insert into processing_jobs (
        id, user_id, status, storage_path, conversation_count, message_count, current_step, progress, attempts,
        created_at, updated_at, pipeline, reason, dial, flag_revision, dials, pinned, shadow, request_key,
        inline
    )
    select id, user_id, 'pending', storage_path, conversation_count, message_count, 'queued', 0, 0,
           now(), now(), pipeline, reason, dial, flag_revision, dials, pinned, shadow, request_key, inline
    from wanted
    on conflict do nothing
    returning id, user_id, pipeline
), stored as (
    insert into gateway.job_inputs (job_id, body)
    select id, %(body)s::bytea from made where %(body)s::bytea is not null
), queued as (
    insert into procrastinate_jobs (queue_name, task_name, lock, args)
    select %(queues)s::jsonb ->> pipeline, %(task)s::text, user_id::text, jsonb_build_object('job_id', id::text)
    from made
)
select id::text from made;

-- name: find_under_way
-- For rows that were not inserted: the row itself (an earlier try did commit), or the same request's job.
select wanted.id::text as asked,
       coalesce(own.id, same.id)::text as job_id,
       coalesce(own.pipeline, same.pipeline) as pipeline,
       own.id is null as joined
from json_populate_recordset(null::processing_jobs, %(rows)s::json) as wanted
left join processing_jobs own on own.id = wanted.id
left join processing_jobs same
    on same.user_id = wanted.user_id
    and same.request_key = wanted.request_key
    and same.status in ('pending', 'processing')
where own.id is not null or same.id is not null;

-- name: count_export_bytes
-- Of exports that came along. Nothing of them is read: their sizes stand beside them.
select coalesce(sum(octet_length(body)), 0)::bigint from gateway.job_inputs;

-- name: forget_failed_exports
-- Where there is no room left: those that are kept only so that a failed job can be tried again.
delete from gateway.job_inputs using processing_jobs
where processing_jobs.id = job_inputs.job_id and processing_jobs.status = 'failed';

-- name: count_waiting
select count(*) from (select 1 from processing_jobs where status = 'pending' limit %(limit)s) as waiting;

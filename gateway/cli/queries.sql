-- What the commands read. They change nothing.

-- name: show_job
select id, user_id, case when cancelled then 'cancelled' else status end as status, pipeline, reason, dial,
       flag_revision, pinned, shadow, current_step as step, progress, attempts, storage_path, conversation_count,
       message_count, worker, created_at, started_at, updated_at, completed_at, error_message as error,
       failure_cause as cause, coalesce(warnings, '{}') as warnings, waiting_for, waits, waiting_since
from processing_jobs
where id = %(id)s

-- name: show_result
select user_id, pipeline, result_job_id, import_status, import_error, full_pass_status, full_pass_error,
       embedding_status, memory_status, total_conversations, total_messages, total_chunks, archetype, ai_name,
       soulprint, soulprint_text, soul_md, identity_md, agents_md, user_md, tools_md, memory_log, memory_md,
       soulprint_generated_at
from user_profiles
where user_id::text = %(user)s

-- name: show_job
-- The app's columns may be null where another program wrote the row.
select id::text as job_id, status, cancelled, current_step, coalesce(progress, 0) as progress, pipeline, reason,
       error_message, failure_cause, coalesce(warnings, '{}') as warnings, waiting_for,
       coalesce(attempts, 0) as attempts,
       coalesce(created_at, started_at, updated_at, completed_at) as created_at, started_at,
       coalesce(updated_at, completed_at, started_at, created_at) as updated_at, completed_at
from processing_jobs
where id = %(id)s;

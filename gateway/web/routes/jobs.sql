-- name: show_job
select id::text as job_id, status, cancelled, current_step, progress, pipeline, reason, error_message, failure_cause,
       attempts, created_at, started_at, updated_at, completed_at
from processing_jobs
where id = %(id)s;

-- name: reopen
-- An operator's retry of failed jobs, or of parked ones: fresh attempts, finished steps kept. At most one of those that
-- are the same request: the newest.
with wanted as (
    select distinct on (j.user_id, coalesce(j.request_key, j.id::text)) j.id
    from processing_jobs j
    where j.id = any(%(ids)s::uuid[]) and j.pipeline is not null
    order by j.user_id, coalesce(j.request_key, j.id::text), j.created_at desc
), unparked as (
    delete from gateway.parked_jobs parked using wanted where parked.job_id = wanted.id returning parked.job_id
)
update processing_jobs j
set status = 'pending', attempts = 0, worker = null, progress = 0, current_step = 'queued', error_message = null,
    failure_cause = null, cancel_requested_at = null, cancelled = false, completed_at = null, started_at = null,
    waits = 0, waited_for = null, waiting_since = null,
    fence = fence + 1, updated_at = now()
from wanted
where j.id = wanted.id and (j.status = 'failed' or j.id in (select job_id from unparked))
  and not exists (
      select 1 from processing_jobs other
      where other.user_id = j.user_id and other.request_key = j.request_key and other.id <> j.id
        and other.status in ('pending', 'processing')
  )
returning j.id::text, j.user_id::text, j.pipeline;

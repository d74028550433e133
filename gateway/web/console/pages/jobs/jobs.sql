-- name: job
select j.id::text as id, j.user_id::text as user_id, case when j.cancelled then 'cancelled' else j.status end as status,
       j.pipeline, j.reason, j.dial, j.flag_revision as revision, j.pinned, j.shadow, j.current_step as step,
       coalesce(j.progress, 0) as progress, coalesce(j.attempts, 0) as attempts, j.worker, j.conversation_count,
       j.message_count, j.created_at, j.started_at, j.completed_at, j.failure_cause as cause, j.waiting_for,
       j.waits, j.dials, parked.refused, coalesce(j.warnings, '{}') as warnings
from processing_jobs j
left join gateway.parked_jobs parked on parked.job_id = j.id
where j.id = %(id)s;

-- name: steps
-- Without what a step found: that is the user's.
select step, version, seconds, created_at from gateway.job_steps
where job_id = %(id)s and not starts_with(step, 'shadow:')
order by created_at
limit 200;

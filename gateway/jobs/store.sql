-- Every change of a job's state: one statement, guarded by the state that it leaves. A row without a pipeline belongs to
-- another program (the service before this one) and is never run. A claimed job is written by `id` + `fence` alone:
-- whoever lost the claim changes nothing. While it waits to be picked up again it stays `processing`, with no worker:
-- what clients see moves forwards only.

-- name: load
select id::text, user_id::text, status, pipeline, reason, pinned, storage_path, inline, conversation_count,
       message_count, created_at, attempts, fence, worker, shadow, started_at, cancel_requested_at is not null,
       coalesce(dial, 0), coalesce(flag_revision, ''),
       extract(epoch from clock_timestamp() - created_at)::float8, waits
from processing_jobs
where id = %(id)s and pipeline is not null
  and not exists (select 1 from gateway.parked_jobs parked where parked.job_id = processing_jobs.id);

-- name: claim
update processing_jobs
set status = 'processing', fence = fence + 1, attempts = attempts + 1, worker = %(worker)s,
    pipeline = %(pipeline)s, reason = %(reason)s, failure_cause = null,
    current_step = case when waiting_for is null then current_step else 'queued' end, waiting_for = null,
    started_at = coalesce(started_at, now()), updated_at = now()
where id = %(id)s and fence = %(fence)s and status in ('pending', 'processing')
  and cancel_requested_at is null and attempts < %(limit)s
returning fence, attempts, started_at;

-- name: forget_steps
delete from gateway.job_steps where job_id = %(id)s and not starts_with(step, 'shadow:');

-- name: forget_chunks
delete from gateway.staged_chunks where job_id = %(id)s;

-- name: begin_profile
insert into user_profiles (
    user_id, import_status, processing_started_at, embedding_status, memory_status, full_pass_status,
    full_pass_started_at
)
values (%(user)s, 'processing', now(), 'processing', 'building', 'processing', now())
on conflict (user_id) do update
set import_status = 'processing', import_error = null,
    processing_started_at = case when %(first)s then now() else user_profiles.processing_started_at end,
    processed_chunks = case when %(first)s then 0 else user_profiles.processed_chunks end,
    embedding_status = 'processing',
    embedding_progress = case when %(first)s then 0 else user_profiles.embedding_progress end,
    memory_status = 'building', full_pass_status = 'processing', full_pass_error = null,
    full_pass_completed_at = null,
    full_pass_started_at = case when %(first)s then now() else user_profiles.full_pass_started_at end;

-- name: hold
-- The claim, held until the transaction ends: nobody can take it meanwhile.
select 1 from processing_jobs
where id = %(id)s and fence = %(fence)s and status = 'processing'
for share;

-- name: progress
with job as (
    update processing_jobs
    set current_step = %(step)s, progress = greatest(progress, %(percent)s), updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing' and progress <= %(percent)s
    returning id
)
update user_profiles
set embedding_progress = greatest(embedding_progress, %(percent)s)
from job
where user_profiles.user_id = %(user)s and import_status = 'processing';

-- name: progress_of_job
-- Where the profile refuses its part.
update processing_jobs
set current_step = %(step)s, progress = greatest(progress, %(percent)s), updated_at = now()
where id = %(id)s and fence = %(fence)s and status = 'processing' and progress <= %(percent)s;

-- name: take_time
-- A role may have a limit for statements that is meant for web requests. An end is as long as it has to be; its job's
-- time limit holds.
set local statement_timeout = 0;

-- name: close_complete
update processing_jobs
set status = 'complete', progress = 100, waiting_for = null, current_step = 'complete', error_message = null,
    warnings = %(warnings)s, completed_at = now(), updated_at = now()
where id = %(id)s and fence = %(fence)s and status = 'processing'
returning extract(epoch from now() - started_at)::float8;

-- name: close_failed
update processing_jobs
set status = 'failed', waiting_for = null, error_message = %(reason)s, failure_cause = %(cause)s, completed_at = now(), updated_at = now()
where id = %(id)s and fence = %(fence)s and status in ('pending', 'processing')
returning 1;

-- name: close_cancelled
update processing_jobs
set status = 'failed', waiting_for = null, cancelled = true, error_message = 'cancelled', failure_cause = %(cause)s, completed_at = now(),
    updated_at = now()
where id = %(id)s and fence = %(fence)s and status in ('pending', 'processing') and cancel_requested_at is not null
returning 1;

-- name: fail_profile
-- The user's own data stays; what says "in work" goes back to what is true of that data.
insert into user_profiles (user_id, import_status, import_error, full_pass_status, full_pass_error)
values (%(user)s, 'failed', %(reason)s, 'failed', %(reason)s)
on conflict (user_id) do update
set import_status = 'failed', import_error = excluded.import_error,
    full_pass_status = 'failed', full_pass_error = excluded.full_pass_error,
    memory_status = case when user_profiles.memory_md is null then 'none' else 'ready' end,
    embedding_status = case when coalesce(user_profiles.total_chunks, 0) = 0 then 'failed' else 'complete' end;

-- name: hand_back
-- By a worker that stops: not an attempt, and not a failure.
update processing_jobs
set worker = null, attempts = attempts - 1, updated_at = now()
where id = %(id)s and fence = %(fence)s and status = 'processing'
returning 1;

-- name: wait_for_retry
update processing_jobs
set worker = null, error_message = %(reason)s, failure_cause = %(cause)s, updated_at = now()
where id = %(id)s and fence = %(fence)s and status = 'processing'
returning 1;

-- name: wait_briefly
-- A transaction that publishes holds the job's row until it is over, which may take a minute for a huge export.
set local lock_timeout = '2s';

-- name: request_cancel
-- A job that nobody runs is closed here; a running one is closed by its worker, which looks once a second. One of the
-- service before this one is closed here too: nobody else would.
with unparked as (
    delete from gateway.parked_jobs where job_id = %(id)s returning job_id
), idle as (
    select j.id, j.worker is null or exists (select 1 from unparked) as idle
    from processing_jobs j
    where j.id = %(id)s and j.status in ('pending', 'processing')
    for update
)
update processing_jobs j
set cancel_requested_at = coalesce(cancel_requested_at, now()),
    status = case when idle then 'failed' else status end,
    cancelled = idle,
    waiting_for = case when idle then null else waiting_for end,
    error_message = case when idle then 'cancelled' else error_message end,
    failure_cause = case when idle then 'operator' else failure_cause end,
    completed_at = case when idle then now() end,
    updated_at = now()
from idle
where j.id = idle.id
returning user_id::text, cancelled;

-- name: watch
-- For the jobs that this worker runs: is the claim still ours, is cancelling asked for?
select mine.id, j.fence is distinct from mine.fence or j.status is distinct from 'processing',
       j.cancel_requested_at is not null
from unnest(%(ids)s::text[], %(fences)s::bigint[]) as mine (id, fence)
left join processing_jobs j on j.id = mine.id::uuid;

-- name: last_error
select error_message, failure_cause from processing_jobs where id = %(id)s;

-- name: user_of
select user_id::text from processing_jobs where id = %(id)s and pipeline is not null;

-- name: load_all
-- As `load`, in the order of the ids.
select j.id::text, j.user_id::text, j.status, j.pipeline, j.reason, j.pinned, j.storage_path, j.inline, j.conversation_count,
       j.message_count, j.created_at, j.attempts, j.fence, j.worker, j.shadow, j.started_at,
       j.cancel_requested_at is not null, coalesce(j.dial, 0), coalesce(j.flag_revision, ''),
       extract(epoch from clock_timestamp() - j.created_at)::float8, j.waits
from unnest(%(ids)s::uuid[]) with ordinality as wanted (id, n)
join processing_jobs j on j.id = wanted.id
where j.pipeline is not null
order by wanted.n;

-- What the rehearsal reads beside the server, to check what it says.

-- name: outcomes
select pipeline, case when cancelled then 'cancelled' else status end as status, reason, count(*) as jobs,
       coalesce(avg(progress), 0)::float as progress,
       avg(extract(epoch from completed_at - started_at))::float as run_seconds,
       max(extract(epoch from completed_at - created_at))::float as slowest_seconds
from processing_jobs
where user_id = any(%(users)s)
group by 1, 2, 3

-- name: late_starts
select count(*) as jobs
from processing_jobs
where pipeline = %(candidate)s and not pinned and started_at > %(after)s

-- name: last_start
select max(started_at) as at from processing_jobs where pipeline = %(candidate)s and not pinned

-- name: results
select user_id, pipeline, soulprint, soulprint_text, memory_md, memory_log, user_md, soul_md, identity_md, agents_md,
       tools_md
from user_profiles
where user_id = any(%(users)s)

-- name: complaints
select user_id, pipeline, error_message as error
from processing_jobs
where user_id = any(%(users)s) and status = 'failed'
limit 3

-- What the rehearsal reads beside the server, to check what it says.

-- name: outcomes
select pipeline, case when cancelled then 'cancelled' else status end as status, reason, count(*) as jobs,
       coalesce(avg(progress), 0)::float as progress,
       avg(extract(epoch from completed_at - started_at))::float as run_seconds
from processing_jobs
where user_id = any(%(users)s)
group by 1, 2, 3

-- name: comparisons
select count(*) filter (where status = 'done') as ended, count(*) filter (where outcome = 'compared') as compared,
       count(*) filter (where outcome = 'shed') as shed
from gateway.shadow_runs
where user_id = any(%(users)s)

-- name: results
select user_id, pipeline, soulprint, soulprint_text, memory_md, memory_log, user_md, soul_md, identity_md, agents_md,
       tools_md
from user_profiles
where user_id = any(%(users)s)

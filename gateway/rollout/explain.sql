-- What is known of users and of their jobs' decisions. Changes nothing.

-- name: known_users
select user_id::text from user_profiles limit %(limit)s;

-- name: last_job
-- By the index on users, whether they are text or UUID here.
select id::text as job_id, user_id::text, pipeline, reason, dial, flag_revision as revision, pinned, shadow,
       case when cancelled then 'cancelled' else status end as status, created_at as accepted_at, dials
from processing_jobs
where user_id = (jsonb_populate_record(null::processing_jobs, jsonb_build_object('user_id', %(user)s::text))).user_id
  and pipeline is not null
order by created_at desc
limit 1;

-- name: job
select id::text as job_id, user_id::text, pipeline, reason, dial, flag_revision as revision, pinned, shadow,
       case when cancelled then 'cancelled' else status end as status, created_at as accepted_at, dials
from processing_jobs
where id = %(id)s and pipeline is not null;

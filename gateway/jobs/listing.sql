-- Lists of jobs, for operators. Each condition that is not asked for is null, and gone before the plan is made.

-- name: listed
-- Rows without a time, which the service before may have written, have no place among the newest.
select id::text as id, user_id::text as user_id, case when cancelled then 'cancelled' else status end as status, pipeline,
       reason, current_step as step, progress, attempts, created_at, started_at, completed_at, error_message as error,
       failure_cause as cause, waiting_for, pinned
from processing_jobs
where created_at is not null
  and (%(status)s::text is null or status = %(status)s::text and cancelled = %(cancelled)s::boolean)
  and (%(pipeline)s::text is null or pipeline = %(pipeline)s::text)
  and (%(step)s::text is null or current_step = %(step)s::text)
  and (%(cause)s::text is null or split_part(failure_cause, ':', 1) = %(cause)s::text)
  and (%(since)s::timestamptz is null or created_at >= %(since)s::timestamptz)
  and (%(until)s::timestamptz is null or created_at < %(until)s::timestamptz)
  and (%(user)s::text is null or user_id = (
      jsonb_populate_record(null::processing_jobs, jsonb_build_object('user_id', %(user)s::text))
  ).user_id)
  and (%(after_at)s::timestamptz is null or (created_at, id) < (%(after_at)s::timestamptz, %(after)s::uuid))
order by created_at desc, id desc
limit %(limit)s;

-- name: named
select id::text as id, user_id::text as user_id, case when cancelled then 'cancelled' else status end as status, pipeline,
       reason, current_step as step, progress, attempts, created_at, started_at, completed_at, error_message as error,
       failure_cause as cause, waiting_for, pinned
from processing_jobs
where id = any(%(ids)s::uuid[]) and created_at is not null;

-- name: place
select created_at from processing_jobs where id = %(after)s;

-- name: counted
-- Counting stops at a limit: nobody has to know more than that there are so many.
select count(*)
from (
    select 1 from processing_jobs
    where created_at is not null and status = %(status)s::text and cancelled = %(cancelled)s::boolean
      and (%(pipeline)s::text is null or pipeline = %(pipeline)s::text)
      and (%(step)s::text is null or current_step = %(step)s::text)
      and (%(cause)s::text is null or split_part(failure_cause, ':', 1) = %(cause)s::text)
      and (%(since)s::timestamptz is null or created_at >= %(since)s::timestamptz)
      and (%(until)s::timestamptz is null or created_at < %(until)s::timestamptz)
      and (%(user)s::text is null or user_id = (
          jsonb_populate_record(null::processing_jobs, jsonb_build_object('user_id', %(user)s::text))
      ).user_id)
    limit %(limit)s
) as found;

-- Jobs that wait for a service: put off with their claim given back, and woken before their time when it is back.

-- name: put_off
-- Not an attempt: nothing of the job's own was tried. `started_at` begins anew: waiting is no part of a run.
update processing_jobs
set worker = null, attempts = attempts - 1, started_at = null, waiting_for = %(awaited)s, waited_for = %(awaited)s,
    waits = case when waited_for = %(awaited)s then waits + 1 else 1 end,
    waiting_since = case when waited_for = %(awaited)s then waiting_since else now() end,
    current_step = %(step)s, error_message = %(reason)s, failure_cause = %(cause)s, updated_at = now()
where id = %(id)s and fence = %(fence)s and status = 'processing'
returning waits, extract(epoch from now() - waiting_since)::float8;

-- name: tell_profile
update user_profiles set import_error = %(step)s where user_id = %(user)s and import_status = 'processing';

-- name: due
-- The longest untried first, at most so many.
select id::text, user_id::text from processing_jobs
where waiting_for = any(%(awaited)s) and status = 'processing' and worker is null
  and updated_at < now() - make_interval(secs => %(seconds)s)
order by updated_at
limit %(limit)s;

-- Jobs that the service before this one left open: rows without a pipeline.

-- name: close_jobs
-- Never run: nothing shows that such a row was not written by somebody else, or is not being worked on.
update processing_jobs
set status = 'failed', error_message = %(reason)s, completed_at = now(), updated_at = now()
where pipeline is null and status in ('pending', 'processing')
  and coalesce(updated_at, created_at, '-infinity') < now() - make_interval(secs => %(seconds)s)
returning id::text;

-- name: waiting_users
-- Of the closed jobs: whose profile still says "in work", with no other job at work on it.
select j.id::text, p.user_id::text
from processing_jobs j join user_profiles p on p.user_id = j.user_id
where j.id = any(%(jobs)s::uuid[]) and (p.import_status = 'processing' or p.full_pass_status = 'processing')
  and not exists (
      select 1 from processing_jobs other
      where other.user_id = j.user_id and other.status in ('pending', 'processing')
  );

-- name: close_profile
-- What says "in work" goes back to what is true.
update user_profiles
set import_status = case when import_status = 'processing' then 'failed' else import_status end,
    import_error = case when import_status = 'processing' then %(reason)s else import_error end,
    full_pass_status = 'failed', full_pass_error = %(reason)s,
    memory_status = case when memory_md is null then 'none' else 'ready' end,
    embedding_status = case when coalesce(total_chunks, 0) = 0 then 'failed' else embedding_status end
where user_id = %(user)s;

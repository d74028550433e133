-- Jobs that the service before this one left open: rows without a pipeline.

-- name: close_jobs
-- Never run: nothing shows that such a row was not written by somebody else, or is not being worked on.
update processing_jobs
set status = 'failed', error_message = %(reason)s, completed_at = now(), updated_at = now()
where pipeline is null and status in ('pending', 'processing')
  and coalesce(updated_at, created_at, '-infinity') < now() - make_interval(secs => %(seconds)s)
returning id::text;

-- name: close_profiles
-- What says "in work" goes back to what is true, unless a job of ours is at work on it.
update user_profiles p
set import_status = case when p.import_status = 'processing' then 'failed' else p.import_status end,
    import_error = case when p.import_status = 'processing' then %(reason)s else p.import_error end,
    full_pass_status = 'failed', full_pass_error = %(reason)s,
    memory_status = case when p.memory_md is null then 'none' else 'ready' end,
    embedding_status = case when coalesce(p.total_chunks, 0) = 0 then 'failed' else p.embedding_status end
from processing_jobs j
where j.id = any(%(jobs)s::uuid[]) and p.user_id = j.user_id
  and (p.import_status = 'processing' or p.full_pass_status = 'processing')
  and not exists (
      select 1 from processing_jobs other
      where other.user_id = j.user_id and other.status in ('pending', 'processing')
  );

-- What is looked at while a candidate breaks, and after it.

-- name: now
select now();

-- name: stable_ended
-- Until this moment.
select count(*) filter (where status = 'complete'), count(*)
from processing_jobs
where created_at >= %(since)s and pipeline = %(stable)s and reason <> 'rolled_back';

-- name: candidates_running
select count(*) from processing_jobs where pipeline = %(candidate)s and worker is not null and status = 'processing';

-- name: open_jobs
select count(*) from processing_jobs where status in ('pending', 'processing');

-- name: ended
select count(*) as jobs,
       count(*) filter (where status = 'complete' and reason = 'rolled_back' and pipeline = %(stable)s) as rescued,
       count(*) filter (where status = 'failed') as failed,
       coalesce(string_agg(distinct error_message, '; ') filter (where status = 'failed'), ''),
       count(*) filter (where status = 'complete' and attempts <> 1) as counted_again
from processing_jobs
where created_at >= %(since)s;

-- name: doubled
-- Each user sends one export: whoever has two results, or a profile that does not fit its chunks, was served twice.
select count(*) from (
    select user_id from gateway.results group by user_id having count(*) > 1
    union
    select p.user_id::text from user_profiles p
    where p.soulprint is not null
      and p.total_chunks <> (select count(*) from conversation_chunks c where c.user_id = p.user_id)
) as wrong;

-- What the drill reads beside the processes, to check what they say.

-- name: broke_at
select min(completed_at) from processing_jobs where pipeline = %(candidate)s and status = 'failed';

-- name: rolled_back_at
select at, why from gateway.rollout_changes where via = 'guard' and what in ('rollout', 'override') order by id limit 1;

-- name: candidate_starts
-- After a moment: the last start, and how many came after the second one.
select max(started_at), count(*) filter (where started_at > %(arrived)s)
from processing_jobs
where pipeline = %(candidate)s and started_at > %(flipped)s;

-- name: jobs
select count(*) as jobs,
       count(*) filter (where status = 'complete') as complete,
       count(*) filter (where status = 'failed') as failed,
       count(*) filter (where status = 'failed' and error_message is distinct from %(broken)s) as failed_otherwise,
       count(*) filter (where status in ('pending', 'processing')) as unfinished,
       count(*) filter (where reason = 'rolled_back') as rescued,
       count(*) filter (where reason = 'rolled_back' and status = 'complete') as rescued_complete
from processing_jobs
where user_id = any(%(users)s);

-- name: published
-- All that a pipeline publishes, as Postgres writes it: equal text is equal bytes.
select published.user_id,
       published::text || coalesce((
           select string_agg(
               (c.id, c.conversation_id, c.title, c.content, c.created_at, c.chunk_tier)::text, '|' order by c.id
           )
           from conversation_chunks c where c.user_id = published.user_id
       ), '') as everything
from user_profiles p cross join lateral gateway.published_columns(p) published
where p.user_id = any(%(users)s);

-- name: stable_open
select count(*) from processing_jobs
where user_id = any(%(users)s) and pipeline = %(stable)s and status in ('pending', 'processing');

-- name: candidate_running
select count(*) from processing_jobs where pipeline = %(candidate)s and status = 'processing' and worker is not null;

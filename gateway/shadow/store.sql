-- A shadow's life in the database. Every change is one statement guarded by the state that it leaves.

-- name: load
select r.job_id::text, r.user_id, r.mode, r.primary_pipeline, r.status, r.fence, r.attempts,
       extract(epoch from now() - r.planned_at)::float8, j.storage_path, j.inline, j.conversation_count,
       j.message_count, j.created_at,
       j.storage_path is not null and exists (
           select 1 from processing_jobs later
           where later.user_id = j.user_id and later.storage_path = j.storage_path and later.created_at > j.created_at
       ),
       r.batches
from gateway.shadow_runs r
join processing_jobs j on j.id = r.job_id
where r.job_id = %(id)s;

-- name: primary_jobs_wait
-- For a free slot, that is: not for an earlier job of their own user, and not only for the blink between their commit, or
-- the end of that job, and their start.
select exists (
    select 1 from processing_jobs j
    where j.status = 'pending' and j.pipeline is not null and j.created_at < now() - interval '1 second'
      and not exists (
          select 1 from processing_jobs own
          where own.user_id = j.user_id
            and (own.status = 'processing' or own.completed_at > now() - interval '1 second')
      )
);

-- name: claim
update gateway.shadow_runs
set status = 'running', fence = fence + 1, attempts = attempts + 1, shadow_pipeline = %(pipeline)s, started_at = now()
where job_id = %(id)s and fence = %(fence)s and status in ('planned', 'running')
returning fence, coalesce(primary_run, '{}')::text, keys_before;

-- name: hand_back
-- By a worker that stops: not an attempt.
update gateway.shadow_runs set status = 'planned', attempts = attempts - 1
where job_id = %(id)s and fence = %(fence)s and status = 'running'
returning 1;

-- name: read_input
select body from gateway.job_inputs where job_id = %(id)s;

-- name: hold_job
-- Removing a user waits for this, and what is removed already is not written about.
select 1 from processing_jobs where id = %(id)s for key share;

-- name: close
update gateway.shadow_runs
set status = 'done', outcome = %(outcome)s, reason = %(reason)s, ended_at = now(), primary_run = null,
    keys_before = '{}', shadow_pipeline = coalesce(%(pipeline)s, shadow_pipeline), seconds = %(seconds)s,
    cpu_seconds = %(cpu_seconds)s, tokens = tokens + %(tokens)s, cost_usd = cost_usd + %(cost_usd)s
where job_id = %(id)s and fence = %(fence)s and status in ('planned', 'running', 'aside')
returning 1;

-- name: forget_input
delete from gateway.job_inputs where job_id = %(id)s;

-- name: forget_answers
delete from gateway.shadow_answers where job_id = %(id)s;

-- name: keep_comparison
insert into gateway.comparisons (
    job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, judgement, harms, gains,
    conversations
)
values (
    %(id)s, %(user)s, %(mode)s, %(one)s, %(other)s, %(primary_side)s, %(class)s, %(score)s, %(verdicts)s::jsonb,
    %(kinds)s::text[], %(detail)s::jsonb, %(judgement)s, %(harms)s::text[], %(gains)s::text[], %(conversations)s
)
on conflict (job_id) do nothing;

-- name: reserve
-- Before a call: what it may take at most, its cost as given, or else at the price seen last. No row: the day's budget
-- does not hold it.
insert into gateway.shadow_budget as spent (day, tokens, cost_usd)
select now_utc.day, %(tokens)s, taken.usd
from (select (now() at time zone 'utc')::date as day) as now_utc,
     (select coalesce(%(usd)s::float8, %(tokens)s * (
         select cost_usd / tokens from gateway.shadow_budget where tokens > 0 order by day desc limit 1
     ), 0) as usd) as taken
where %(tokens)s <= %(most_tokens)s and taken.usd <= %(most_usd)s and %(most_usd)s > 0
on conflict (day) do update
set tokens = spent.tokens + excluded.tokens, cost_usd = spent.cost_usd + excluded.cost_usd
where spent.tokens + excluded.tokens <= %(most_tokens)s
  and spent.cost_usd < %(most_usd)s and spent.cost_usd + excluded.cost_usd <= %(most_usd)s
returning day, %(tokens)s * cost_usd / tokens;

-- name: settle
-- After it: what it really took.
update gateway.shadow_budget
set tokens = greatest(0, tokens + %(tokens)s), cost_usd = cost_usd + %(cost_usd)s
where day = %(day)s;

-- name: spent
select coalesce(sum(tokens), 0)::bigint, coalesce(sum(cost_usd), 0)::float8
from gateway.shadow_budget where day = (now() at time zone 'utc')::date;

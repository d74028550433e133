-- What the fault test looks at, during the run and after it.

-- name: half_written
-- In one snapshot: a profile that does not fit its chunks, or does not fit the result that it is said to come from. What
-- that result did not write is still there from an earlier one.
select p.user_id
from user_profiles p
left join (select user_id, count(*) as n from conversation_chunks group by user_id) c on c.user_id = p.user_id
left join gateway.results r on r.user_id = p.user_id and r.pipeline = p.pipeline
where (p.soulprint is null and (c.n is not null or p.result_job_id is not null))
   or (p.soulprint is not null and (
        c.n is distinct from p.total_chunks or r.job_id is distinct from p.result_job_id
        or coalesce(r.soulprint ->> 'memory_md', p.memory_md) is distinct from p.memory_md
        or coalesce(r.soulprint ->> 'soul_md', p.soul_md) is distinct from p.soul_md));

-- name: open_jobs
select count(*) from processing_jobs where status in ('pending', 'processing');

-- name: jobs
select id::text, user_id, status, attempts, error_message, pipeline, reason, storage_path
from processing_jobs
order by created_at, id;

-- name: candidates_running
-- Not what a dead worker ran and was put back: it waits in its place, and takes its version anew when its turn comes.
select count(*) from processing_jobs j
where pipeline = 'v2' and worker is not null and status = 'processing'
  and exists (select 1 from procrastinate_jobs e where e.args ->> 'job_id' = j.id::text and e.status = 'doing');

-- name: candidates_begun
select coalesce(sum(attempts), 0) from processing_jobs where pipeline = 'v2';

-- name: together
-- Two jobs of one user whose runs overlap, or that ended in another order than they came.
select a.user_id
from processing_jobs a
join processing_jobs b on b.user_id = a.user_id and b.created_at > a.created_at
where b.started_at < a.completed_at;

-- name: results
-- What a user has in the end, without ids and times; apart from it, what is said of it.
select p.user_id,
       md5(row(p.pipeline, p.total_conversations, p.total_messages, p.total_chunks, p.soulprint::text, p.soulprint_text,
               p.soul_md, p.identity_md, p.agents_md, p.user_md, p.tools_md, p.memory_log, p.memory_md, c.digest)::text),
       row(p.import_status, p.full_pass_status, p.memory_status, p.embedding_status)::text
from user_profiles p
left join (
    select user_id,
           md5(string_agg(conversation_id || title || content || message_count || created_at || chunk_tier,
                          '|' order by conversation_id, chunk_tier, content)) as digest
    from conversation_chunks
    group by user_id
) c on c.user_id = p.user_id
order by p.user_id;

-- name: left_over
select (select count(*) from gateway.staged_chunks) as staged, (select count(*) from gateway.job_inputs) as inputs,
       (select count(*) from procrastinate_jobs) as entries,
       (select count(*) from gateway.outbox where delivered_at is null) as undelivered;

-- name: messages
select id::text, job_id::text from gateway.outbox;

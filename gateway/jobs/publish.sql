-- The finishing transaction, after `close_complete` has taken the job's row: everything that a user will see of it.

-- name: plan_shadow
-- Before anything is published: what this run gives and writes, and which conversations the user had until now.
with before as (
    select coalesce(array_agg(conversation_id), '{}') as keys
    from (
        select distinct conversation_id::text from conversation_chunks where user_id = %(user)s limit 50000
    ) as had
), staged as (
    select count(*) as chunks, coalesce(sum(octet_length(content)), 0) as size
    from gateway.staged_chunks where job_id = %(id)s
), gone as (
    select coalesce(array_agg(key order by key), '{}') as keys
    from before cross join unnest(before.keys) as key cross join staged
    where staged.chunks > 0
      and not exists (select 1 from gateway.staged_chunks s where s.job_id = %(id)s and s.conversation_id = key)
)
insert into gateway.shadow_runs (job_id, user_id, mode, primary_pipeline, primary_run, keys_before)
select %(id)s, %(user)s, case when %(shadow)s = 'same' then 'noise' else 'shadow' end, %(pipeline)s,
       jsonb_build_object(
           'result', %(result)s::jsonb,
           'error', %(reason)s::text,
           'seconds', extract(epoch from now() - j.started_at)::float8,
           'chunks', staged.chunks,
           'size', staged.size,
           'deletes', to_jsonb(gone.keys),
           'known', %(known)s::jsonb
       ),
       before.keys
from processing_jobs j cross join before cross join staged cross join gone
where j.id = %(id)s
on conflict (job_id) do nothing;

-- name: hold_profile
-- Before the chunks: whoever changes a user's live data holds the profile first, so that there is no deadlock.
select pipeline from user_profiles where user_id = %(user)s for update;

-- name: keep_predecessor
-- A result that the service before this one left was made by its v1, and can be put back like any other.
insert into gateway.published_profiles
select published.*
from user_profiles p cross join lateral gateway.published_columns(p) published
where p.user_id = %(user)s and p.pipeline is null and (p.soulprint is not null or p.soulprint_text is not null)
on conflict do nothing;

-- name: keep_chunks
-- The chunks that this job replaces, while the last result of another pipeline stands on them.
insert into gateway.kept_chunks (
    user_id, chunks_job_id, kept_at, id, conversation_id, title, content, message_count, created_at, is_recent,
    chunk_tier, embedding, model
)
select c.user_id, p.chunks_job_id, now(), c.id, c.conversation_id, c.title, c.content, c.message_count, c.created_at,
       c.is_recent, c.chunk_tier, c.embedding,
       (select model from gateway.embeddings e where e.user_id = p.user_id::text)
from user_profiles p
join conversation_chunks c on c.user_id = p.user_id
where p.user_id = %(user)s
  and exists (select 1 from gateway.staged_chunks where job_id = %(id)s)
  and exists (
      select 1 from gateway.published_profiles k
      where k.user_id = p.user_id and k.pipeline <> %(pipeline)s
        and k.chunks_job_id is not distinct from p.chunks_job_id
  );

-- name: drop_old_chunks
-- Only when this job has chunks of its own: a run without an export keeps the user's.
delete from conversation_chunks
where user_id = %(user)s and exists (select 1 from gateway.staged_chunks where job_id = %(id)s);

-- name: publish_chunks
with published as (
    insert into conversation_chunks (
        user_id, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier
    )
    select %(user)s, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier
    from gateway.staged_chunks
    where job_id = %(id)s
    order by n
    returning 1
)
update user_profiles set chunks_job_id = %(id)s
where user_id = %(user)s and exists (select 1 from published);

-- name: publish_profile
insert into user_profiles (
    user_id, import_status, total_conversations, total_messages, total_chunks, processed_chunks, embedding_status,
    embedding_progress, memory_status, full_pass_status, full_pass_completed_at, soulprint, soulprint_text, soul_md,
    identity_md, agents_md, user_md, tools_md, memory_log, memory_md, archetype, ai_name, soulprint_generated_at,
    pipeline, result_job_id
)
values (
    %(user)s, 'complete', %(total_conversations)s, %(total_messages)s, %(total_chunks)s, %(total_chunks)s,
    %(embedding_status)s, case when %(embedding_status)s = 'complete' then 100 else 0 end, 'ready', 'complete', now(),
    %(soulprint)s, coalesce(%(soulprint_text)s, %(partial_text)s), %(soul_md)s, %(identity_md)s, %(agents_md)s,
    %(user_md)s, %(tools_md)s, %(memory_log)s, %(memory_md)s, %(archetype)s, %(ai_name)s, now(), %(pipeline)s, %(id)s
)
on conflict (user_id) do update
set import_status = 'complete', import_error = null,
    total_conversations = excluded.total_conversations, total_messages = excluded.total_messages,
    total_chunks = excluded.total_chunks, processed_chunks = excluded.processed_chunks,
    embedding_status = excluded.embedding_status, embedding_progress = excluded.embedding_progress,
    memory_status = 'ready', full_pass_status = 'complete', full_pass_error = null, full_pass_completed_at = now(),
    -- Sections that were not written stay as they were, in the text too, unless the user has no text yet.
    soulprint = case jsonb_typeof(user_profiles.soulprint::jsonb)
        when 'object' then user_profiles.soulprint::jsonb || excluded.soulprint::jsonb
        else excluded.soulprint::jsonb
    end,
    soulprint_generated_at = now(),
    soulprint_text = coalesce(%(soulprint_text)s, user_profiles.soulprint_text, %(partial_text)s),
    soul_md = coalesce(excluded.soul_md, user_profiles.soul_md),
    identity_md = coalesce(excluded.identity_md, user_profiles.identity_md),
    agents_md = coalesce(excluded.agents_md, user_profiles.agents_md),
    user_md = coalesce(excluded.user_md, user_profiles.user_md),
    tools_md = coalesce(excluded.tools_md, user_profiles.tools_md),
    memory_log = coalesce(excluded.memory_log, user_profiles.memory_log),
    memory_md = coalesce(excluded.memory_md, user_profiles.memory_md),
    archetype = coalesce(excluded.archetype, user_profiles.archetype),
    ai_name = coalesce(excluded.ai_name, user_profiles.ai_name),
    pipeline = excluded.pipeline, result_job_id = excluded.result_job_id;

-- name: keep_result
insert into gateway.results (user_id, pipeline, job_id, soulprint, published_at)
values (%(user)s, %(pipeline)s, %(id)s, %(result)s, now())
on conflict (user_id, pipeline) do update
set job_id = excluded.job_id, soulprint = excluded.soulprint, published_at = excluded.published_at;

-- name: drop_kept_profile
delete from gateway.published_profiles where user_id = %(user)s and pipeline = %(pipeline)s;

-- name: keep_profile
-- The profile as this job leaves it, with what it kept of earlier runs: what was published, to the byte.
insert into gateway.published_profiles
select published.*
from user_profiles p cross join lateral gateway.published_columns(p) published
where p.user_id = %(user)s;

-- name: forget_kept_chunks
-- Chunks that no last result of a pipeline refers to.
delete from gateway.kept_chunks c
where c.user_id = %(user)s and not exists (
    select 1 from gateway.published_profiles k
    where k.user_id = c.user_id and k.chunks_job_id is not distinct from c.chunks_job_id
);

-- name: forget_input
delete from gateway.job_inputs where job_id = %(id)s;

-- name: write_message
insert into gateway.outbox (job_id, user_id, kind, payload)
values (%(id)s, %(user)s, %(kind)s, %(payload)s)
on conflict (job_id, kind) do nothing
returning id::text;

-- name: request_embedding
-- True where no request was open: then it needs a queue entry. One that is open begins anew.
with before as (
    select status from gateway.embeddings where user_id = %(user)s::text for update
), asked as (
    insert into gateway.embeddings (user_id, requested_at) values (%(user)s::text, clock_timestamp())
    on conflict (user_id) do update
    set status = 'pending', attempts = 0, error = null, requested_at = clock_timestamp(), finished_at = null
)
select coalesce((select status from before), 'none') <> 'pending';

-- name: who_runs_it
select status, fence from processing_jobs where id = %(id)s;

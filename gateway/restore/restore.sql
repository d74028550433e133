-- Data rollbacks. One transaction a batch: hold the run, hold the users' profiles, swap, note how far it came.

-- name: begin
-- The unfinished run to the same pipeline, from the same one, goes on; it keeps its start, so that results published since are left alone.
insert into gateway.restore_runs (target, source, older, by_worker, actor, why)
values (%(target)s, %(source)s, %(older)s::text[], %(by_worker)s, %(actor)s, %(why)s)
on conflict ((true)) where state = 'running' do update
set by_worker = excluded.by_worker, older = excluded.older, updated_at = clock_timestamp()
where restore_runs.target = excluded.target and restore_runs.source is not distinct from excluded.source
returning id, target, state, by_worker, actor, why, started_at, updated_at, position, restored, chunks_gone,
          source, older;

-- name: supersede
update gateway.restore_runs set state = 'superseded', updated_at = clock_timestamp()
where state = 'running' and (target, source) is distinct from (%(target)s, %(source)s::text);

-- name: go_on
-- The next target of an order that has several, when the one before is done and nothing newer was asked for.
insert into gateway.restore_runs (target, source, older, actor, why)
select older[1], source, older[2:], actor, why
from gateway.restore_runs done
where state = 'done' and cardinality(older) > 0
  and not exists (select 1 from gateway.restore_runs newer where newer.id > done.id)
on conflict do nothing
returning id, target, state, by_worker, actor, why, started_at, updated_at, position, restored, chunks_gone,
          source, older;

-- name: latest
select id, target, state, by_worker, actor, why, started_at, updated_at, position, restored, chunks_gone, source, older
from gateway.restore_runs
order by id desc
limit 1;

-- name: take_time
-- A role's limit for statements is meant for web requests; a batch of users with many chunks takes longer.
set local statement_timeout = 0;

-- name: hold
select position is null, position, started_at
from gateway.restore_runs
where id = %(id)s and state = 'running'
for update;

-- name: pick
-- Users in the middle of a publication are not waited for: a later pass finds them.
select p.user_id::text
from user_profiles p
where p.pipeline <> %(target)s and (%(source)s::text is null or p.pipeline = %(source)s)
  and (%(first)s or p.user_id > %(position)s)
  and (p.soulprint_generated_at is null or p.soulprint_generated_at <= %(since)s)
  and exists (
      select 1 from gateway.published_profiles k where k.user_id = p.user_id and k.pipeline = %(target)s
  )
order by p.user_id
limit %(batch)s
for update of p skip locked;

-- name: restore
-- The users' profiles are held. Each column becomes what it was; what tells of chunks only together with the chunks,
-- and what tells of an import that is under way stays.
with picked as materialized (
    select p.user_id, p.chunks_job_id as live, k.chunks_job_id as own,
           p.chunks_job_id is not distinct from k.chunks_job_id as same
    from jsonb_populate_recordset(null::gateway.published_profiles, %(users)s::jsonb) u
    join user_profiles p on p.user_id = u.user_id
    join gateway.published_profiles k on k.user_id = p.user_id and k.pipeline = %(target)s
    where p.pipeline <> %(target)s
), back as (
    delete from gateway.kept_chunks c using picked
    where c.user_id = picked.user_id and not picked.same and c.chunks_job_id is not distinct from picked.own
    returning c.id, c.user_id, c.conversation_id, c.title, c.content, c.message_count, c.created_at, c.is_recent,
              c.chunk_tier,
              case when c.model is not distinct from (
                  select model from gateway.embeddings e where e.user_id = c.user_id::text
              ) then c.embedding end as embedding
), swapped as (
    select user_id, bool_and(embedding is not null) as embedded,
           exists (select 1 from gateway.embeddings e where e.user_id = back.user_id::text) as embeds
    from back group by user_id
), aside as (
    delete from conversation_chunks c using picked
    where c.user_id = picked.user_id and picked.user_id in (select user_id from swapped)
    returning c.user_id, picked.live, c.id, c.conversation_id, c.title, c.content, c.message_count, c.created_at,
              c.is_recent, c.chunk_tier, c.embedding
), kept as (
    insert into gateway.kept_chunks (
        user_id, chunks_job_id, kept_at, id, conversation_id, title, content, message_count, created_at, is_recent,
        chunk_tier, embedding, model
    )
    select user_id, live, now(), id, conversation_id, title, content, message_count, created_at, is_recent,
           chunk_tier, embedding, (select model from gateway.embeddings e where e.user_id = aside.user_id::text)
    from aside
), shown as (
    insert into conversation_chunks (
        id, user_id, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier, embedding
    )
    select id, user_id, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier, embedding
    from back
), plan as (
    select picked.user_id, picked.same or s.user_id is not null as whole, s.user_id is not null as swapped,
           coalesce(s.embedded, false) as embedded, coalesce(s.embeds, false) and not s.embedded as to_embed
    from picked left join swapped s on s.user_id = picked.user_id
)
update user_profiles p
set pipeline = k.pipeline, result_job_id = k.result_job_id,
    chunks_job_id = case when plan.whole then k.chunks_job_id else p.chunks_job_id end,
    soulprint = k.soulprint, soulprint_text = k.soulprint_text, soul_md = k.soul_md, identity_md = k.identity_md,
    agents_md = k.agents_md, user_md = k.user_md, tools_md = k.tools_md, memory_log = k.memory_log,
    memory_md = k.memory_md, archetype = k.archetype, ai_name = k.ai_name,
    soulprint_generated_at = k.soulprint_generated_at, total_conversations = k.total_conversations,
    total_messages = k.total_messages,
    total_chunks = case when plan.whole then k.total_chunks else p.total_chunks end,
    processed_chunks = case
        when plan.whole and p.import_status <> 'processing' then k.total_chunks else p.processed_chunks
    end,
    embedding_status = case
        when not plan.swapped or p.import_status = 'processing' then p.embedding_status
        when plan.embedded then 'complete'
        when plan.to_embed then 'processing'
        else k.embedding_status
    end,
    embedding_progress = case
        when not plan.swapped or p.import_status = 'processing' then p.embedding_progress
        when plan.embedded then 100
        when plan.to_embed then 0
        else k.embedding_progress
    end,
    memory_status = case when p.import_status = 'processing' then p.memory_status else k.memory_status end,
    full_pass_completed_at = case
        when p.full_pass_status = 'complete' then k.full_pass_completed_at else p.full_pass_completed_at
    end
from plan
join gateway.published_profiles k on k.user_id = plan.user_id and k.pipeline = %(target)s
where p.user_id = plan.user_id
returning p.user_id::text, plan.whole, plan.to_embed;

-- name: advance
update gateway.restore_runs
set position = %(position)s, restored = restored + %(restored)s, chunks_gone = chunks_gone + %(chunks_gone)s,
    updated_at = clock_timestamp()
where id = %(id)s;

-- name: rewind
update gateway.restore_runs set position = null, updated_at = clock_timestamp()
where id = %(id)s and state = 'running';

-- name: finish
update gateway.restore_runs set state = 'done', position = null, updated_at = clock_timestamp()
where id = %(id)s and state = 'running'
returning restored, chunks_gone;

-- name: count
select count(*) filter (where known) as restorable,
       count(*) filter (where known and fresh) as published_since,
       count(*) filter (where not known) as missing,
       count(*) filter (where not known and can_rerun) as can_rerun,
       (
           select count(*) from processing_jobs j
           where j.pipeline <> %(target)s and (%(source)s::text is null or j.pipeline = %(source)s)
             and j.status in ('pending', 'processing')
       ) as under_way
from (
    select k.user_id is not null as known,
           p.soulprint_generated_at > %(since)s::timestamptz as fresh,
           k.user_id is null and exists (
               select 1 from processing_jobs j
               where j.user_id = p.user_id and j.storage_path is not null and j.pipeline is not null
           ) as can_rerun
    from user_profiles p
    left join gateway.published_profiles k on k.user_id = p.user_id and k.pipeline = %(target)s
    where p.pipeline <> %(target)s and (%(source)s::text is null or p.pipeline = %(source)s)
) as users;

-- name: keeps
select exists (select 1 from gateway.published_profiles where pipeline = %(target)s);

-- name: live
-- How many users' live result each pipeline made.
select pipeline, count(*) from user_profiles where pipeline is not null group by pipeline;

-- name: kept
select distinct pipeline from gateway.published_profiles;

-- name: kept_of_older
-- Of the users whose live result one pipeline made: the newest of these older versions of which a result is kept.
select target, count(*)
from (
    select distinct on (p.user_id) k.pipeline as target
    from user_profiles p
    join gateway.published_profiles k on k.user_id = p.user_id and k.pipeline = any(%(older)s)
    where p.pipeline = %(source)s
    order by p.user_id, array_position(%(older)s, k.pipeline)
) as users
group by target
order by array_position(%(older)s, target);

-- name: missing
-- Users without any result of that pipeline, and the export that they sent last.
select p.user_id::text, j.storage_path, j.conversation_count, j.message_count
from user_profiles p
left join lateral (
    select storage_path, conversation_count, message_count from processing_jobs j
    where j.user_id = p.user_id and j.storage_path is not null and j.pipeline is not null
    order by created_at desc
    limit 1
) j on true
where p.pipeline <> %(target)s and (%(source)s::text is null or p.pipeline = %(source)s)
  and not exists (
      select 1 from gateway.published_profiles k where k.user_id = p.user_id and k.pipeline = %(target)s
  )
  and (%(first)s or p.user_id > %(position)s)
order by p.user_id
limit %(limit)s;

-- name: restored_by_target
select target, sum(restored)::bigint from gateway.restore_runs group by target;

-- name: listed
-- Whom a run would find, by user: `targets` are the versions that are put back, the first that is kept of a user counts.
select p.user_id::text as user_id, p.pipeline as live, k.pipeline as back_to, k.soulprint_generated_at as made_at,
       exists (
           select 1 from processing_jobs j
           where j.user_id = p.user_id and j.status in ('pending', 'processing')
             and j.pipeline is distinct from coalesce(k.pipeline, (%(targets)s::text[])[1])
       ) as under_way
from user_profiles p
left join lateral (
    select k.pipeline, k.soulprint_generated_at
    from gateway.published_profiles k
    where k.user_id = p.user_id and k.pipeline = any(%(targets)s::text[])
    order by array_position(%(targets)s::text[], k.pipeline)
    limit 1
) k on true
where p.pipeline is not null
  and case when %(source)s::text is null then p.pipeline <> (%(targets)s::text[])[1] else p.pipeline = %(source)s::text end
  and (%(after)s::text is null or p.user_id::text > %(after)s::text)
order by p.user_id::text
limit %(limit)s;

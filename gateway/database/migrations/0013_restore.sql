-- What each pipeline last published for each user, to the byte, and the chunks that belong to it: what a data rollback
-- puts back. The tables take their column types from the app's own, so that a copy is a copy.

alter table user_profiles
    add column if not exists chunks_job_id uuid;          -- which job's chunks are live; null: they were there before

create table gateway.published_profiles as
select user_id, pipeline, result_job_id, chunks_job_id, soulprint, soulprint_text, soul_md, identity_md, agents_md,
       user_md, tools_md, memory_log, memory_md, archetype, ai_name, soulprint_generated_at, total_conversations,
       total_messages, total_chunks, embedding_status, embedding_progress, memory_status, full_pass_completed_at
from user_profiles
where pipeline is not null;
alter table gateway.published_profiles add primary key (user_id, pipeline);

-- Chunks that are not live, as long as a published profile stands on them.
create table gateway.kept_chunks as
select user_id, null::uuid as chunks_job_id, now() as kept_at, id, conversation_id, title, content, message_count,
       created_at, is_recent, chunk_tier, embedding
from conversation_chunks
with no data;
create index kept_chunks_by_user on gateway.kept_chunks (user_id);
create index kept_chunks_by_age on gateway.kept_chunks (kept_at);

create index if not exists user_profiles_by_pipeline on user_profiles (pipeline, user_id);

-- Data rollbacks: how far each has come. At most one is under way.
create table gateway.restore_runs (
    id bigint generated always as identity primary key,
    target text not null,                                 -- whose results are put back
    state text not null default 'running' check (state in ('running', 'done', 'superseded')),
    by_worker boolean not null default false,             -- a worker drives it; false: a terminal does
    actor text not null,
    why text not null default '',
    started_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    position text,                                        -- the last user who was looked at
    restored bigint not null default 0,
    chunks_gone bigint not null default 0                 -- of those, whose chunks were not kept any more
);
create unique index restore_runs_one_under_way on gateway.restore_runs ((true)) where state = 'running';

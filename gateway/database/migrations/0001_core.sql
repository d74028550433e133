-- The app's tables as its clients know them, the columns that the gateway adds to them, and the gateway's own schema.
-- Every statement can run on the app's existing database: it creates what is missing and leaves the rest alone.

create table if not exists processing_jobs (
    id uuid primary key default gen_random_uuid(),
    user_id text not null,
    status text not null default 'pending' check (status in ('pending', 'processing', 'complete', 'failed')),
    storage_path text,
    conversation_count integer,
    message_count integer,
    current_step text,
    progress integer not null default 0,
    error_message text,
    attempts integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    completed_at timestamptz
);

alter table processing_jobs
    add column if not exists pipeline text,               -- v1, v2, ...: what runs, or ran
    add column if not exists reason text,                 -- why that pipeline: flags.model.Reason
    add column if not exists dial real,                   -- rollout percent in force at the decision
    add column if not exists flag_revision text,
    add column if not exists pinned boolean not null default false,      -- came through /process-full-v2
    add column if not exists shadow text,                 -- null, other, same: the comparison planned at accept
    add column if not exists request_key text,            -- equal for the same request of the same user
    add column if not exists inline boolean not null default false,      -- the export is in gateway.job_inputs
    add column if not exists fence bigint not null default 0,            -- grows at each claim; every write must hold it
    add column if not exists worker text,                 -- who claimed it last
    add column if not exists started_at timestamptz,      -- first claim
    add column if not exists cancel_requested_at timestamptz,
    add column if not exists cancelled boolean not null default false;   -- status is then failed: clients know no other word

create unique index if not exists processing_jobs_one_under_way
    on processing_jobs (user_id, request_key) where status in ('pending', 'processing') and request_key is not null;
create index if not exists processing_jobs_by_user on processing_jobs (user_id, created_at desc);
create index if not exists processing_jobs_by_age on processing_jobs (created_at desc);
create index if not exists processing_jobs_open on processing_jobs (status, created_at) where status in ('pending', 'processing');

create table if not exists user_profiles (
    user_id text primary key,
    import_status text not null default 'none',
    import_error text,
    processing_started_at timestamptz,
    total_conversations integer,
    total_messages integer,
    total_chunks integer,
    processed_chunks integer,
    embedding_status text not null default 'pending',
    embedding_progress integer not null default 0,
    memory_status text not null default 'none',
    full_pass_status text not null default 'pending',
    full_pass_started_at timestamptz,
    full_pass_completed_at timestamptz,
    full_pass_error text,
    soulprint jsonb,
    soulprint_text text,
    soul_md text,
    identity_md text,
    agents_md text,
    user_md text,
    tools_md text,
    memory_log text,
    memory_md text,
    archetype text,
    ai_name text,
    soulprint_generated_at timestamptz
);

alter table user_profiles
    add column if not exists pipeline text,               -- which pipeline made the live result
    add column if not exists result_job_id uuid;          -- which job published it

create table if not exists conversation_chunks (
    id uuid primary key default gen_random_uuid(),
    user_id text not null,
    conversation_id text not null,
    title text,
    content text not null,
    message_count integer,
    created_at timestamptz not null,
    is_recent boolean not null default false,
    chunk_tier text not null default 'medium'
);

do $$
begin
    if exists (select 1 from pg_available_extensions where name = 'vector') then
        create extension if not exists vector;
        alter table conversation_chunks add column if not exists embedding vector;
    else
        alter table conversation_chunks add column if not exists embedding real[];
    end if;
end $$;

create index if not exists conversation_chunks_by_user on conversation_chunks (user_id);
create index if not exists conversation_chunks_search
    on conversation_chunks using gin (to_tsvector('simple', content));

create schema if not exists gateway;

-- Inline exports, until their job is over.
create table gateway.job_inputs (
    job_id uuid primary key references processing_jobs (id) on delete cascade,
    body bytea not null
);

-- Finished steps: never run twice.
create table gateway.job_steps (
    job_id uuid not null references processing_jobs (id) on delete cascade,
    step text not null,
    version integer not null,
    payload jsonb not null,
    seconds real not null default 0,
    created_at timestamptz not null default now(),
    primary key (job_id, step)
);

-- Chunks of a running job; they become the user's in the transaction that closes it.
create table gateway.staged_chunks (
    job_id uuid not null references processing_jobs (id) on delete cascade,
    n bigint not null,
    conversation_id text not null,
    title text,
    content text not null,
    message_count integer,
    created_at timestamptz not null,
    is_recent boolean not null,
    chunk_tier text not null,
    primary key (job_id, n)
);

-- The last result of each pipeline for each user: what a data rollback puts back.
create table gateway.results (
    user_id text not null,
    pipeline text not null,
    job_id uuid not null,
    soulprint jsonb not null,
    published_at timestamptz not null,
    primary key (user_id, pipeline)
);

-- Messages to the web back end, written in the finishing transaction, delivered with retries.
create table gateway.outbox (
    id uuid primary key default gen_random_uuid(),
    job_id uuid not null,
    user_id text not null,
    kind text not null,
    payload jsonb not null,
    attempts integer not null default 0,
    created_at timestamptz not null default now(),
    delivered_at timestamptz,
    gave_up_at timestamptz,
    last_error text,
    unique (job_id, kind)
);
create index outbox_waiting on gateway.outbox (created_at) where delivered_at is null and gave_up_at is null;

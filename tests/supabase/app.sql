-- The app's tables as production has them, run as `app_owner`: uuid keys, foreign keys to the users, checks, row level
-- security with the app's own policies, defaults of 0 where the gateway's own tables have none.
create function public.update_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at = now();
    return new;
end $$;

create table public.processing_jobs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    status text not null default 'pending',
    storage_path text,
    conversation_count int,
    message_count int,
    current_step text,
    progress int default 0,
    error_message text,
    attempts int default 0,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    completed_at timestamptz
);
create index idx_processing_jobs_status on processing_jobs (status);
create index idx_processing_jobs_user_id on processing_jobs (user_id);
create trigger processing_jobs_updated before update on processing_jobs
    for each row execute function update_updated_at();
alter table processing_jobs enable row level security;
create policy "Users can view own jobs" on processing_jobs for select using (auth.uid() = user_id);
create policy "Service role all" on processing_jobs for all using (auth.role() = 'service_role');

create table public.user_profiles (
    id uuid primary key default gen_random_uuid(),
    user_id uuid unique not null references auth.users (id) on delete cascade,
    soulprint jsonb,
    soulprint_text text,
    import_status text default 'none'
        check (import_status in ('none', 'quick_ready', 'processing', 'complete', 'locked', 'failed')),
    total_conversations int default 0,
    total_messages int default 0,
    processed_chunks int default 0,
    total_chunks int default 0,
    soulprint_generated_at timestamptz,
    embeddings_completed_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    ai_name text,
    ai_avatar_url text,
    embedding_status text default 'pending',
    embedding_progress int default 0 check (embedding_progress between 0 and 100),
    import_error text,
    soulprint_locked boolean default false,
    locked_at timestamptz,
    soulprint_updated_at timestamptz,
    personality_profile jsonb,
    raw_export_path text,
    memory_status text default 'none' check (memory_status in ('none', 'building', 'ready')),
    processing_started_at timestamptz,
    soul_md text,
    identity_md text,
    agents_md text,
    user_md text,
    memory_log text,
    memory_log_date date,
    tools_md text,
    memory_md text,
    full_pass_status text default 'pending'
        check (full_pass_status in ('pending', 'processing', 'complete', 'failed')),
    full_pass_started_at timestamptz,
    full_pass_completed_at timestamptz,
    full_pass_error text,
    progress_percent int default 0,
    import_stage text,
    quality_breakdown jsonb,
    quality_scored_at timestamptz,
    archetype text,
    storage_path text,
    file_type text,
    import_cost_json jsonb
);
create trigger up_updated before update on user_profiles for each row execute function update_updated_at();
alter table user_profiles enable row level security;
create policy "Users can view own profile" on user_profiles for select using (auth.uid() = user_id);
create policy "Users can update own profile" on user_profiles for update using (auth.uid() = user_id);
create policy "Users can insert own profile" on user_profiles for insert with check (auth.uid() = user_id);

create table public.conversation_chunks (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    conversation_id text not null,
    title text,
    content text not null,
    message_count int default 0,
    created_at timestamptz not null,
    updated_at timestamptz default now(),
    is_recent boolean default false,
    chunk_tier text default 'medium'
);
do $$
begin
    if exists (select 1 from pg_extension where extname = 'vector') then
        alter table public.conversation_chunks add column embedding extensions.vector(1024);
        create index cc_hnsw on public.conversation_chunks
            using hnsw (embedding extensions.vector_cosine_ops) with (m = 16, ef_construction = 64);
    end if;
end $$;
create index conversation_chunks_user_id_idx on conversation_chunks (user_id);
alter table conversation_chunks enable row level security;
create policy "Users can view own chunks" on conversation_chunks for select using (auth.uid() = user_id);
create policy "Service role chunks" on conversation_chunks for all using (auth.role() = 'service_role');

-- What each version remembers of each user over imports, and what users had forgotten: fingerprints, nobody's words.
create table gateway.memories (
    user_id text not null,
    pipeline text not null,
    job_id uuid not null,                                 -- whose publishing wrote it
    memory jsonb not null,                                -- a Memory, but for what is forgotten
    updated_at timestamptz not null default now(),
    primary key (user_id, pipeline)
);
create table gateway.forgotten_facts (
    user_id text not null,
    key text not null,                                    -- a fingerprint of what the fact said
    forgotten_at timestamptz not null default now(),
    primary key (user_id, key)
);

-- What language engines read in users' conversations, kept over all their jobs: nothing is paid for twice.
create table gateway.readings (
    user_id text not null,
    key text not null,                                    -- of the conversation's words and of what read them
    job_id uuid not null,                                 -- that paid for it
    payload jsonb not null,                               -- an Extraction
    used_at timestamptz not null default now(),
    primary key (user_id, key)
);
create index readings_by_age on gateway.readings (used_at);

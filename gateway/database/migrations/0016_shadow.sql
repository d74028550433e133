-- Shadow comparisons: one run for each plan, what the pair showed, and what shadows may still spend today.

-- Written in the transaction that closes the primary job, so that a later job of the same user cannot take its place.
create table gateway.shadow_runs (
    job_id uuid primary key,
    user_id text not null,
    mode text not null check (mode in ('shadow', 'noise')),  -- the other pipeline, or the same one again
    primary_pipeline text not null,
    shadow_pipeline text,                                  -- known when it begins
    status text not null default 'planned' check (status in ('planned', 'running', 'done')),
    outcome text,                                          -- how it ended: compared, shed, timed_out, ...
    reason text,
    primary_run jsonb,                                     -- what the primary gave and wrote, until it is compared
    keys_before text[] not null default '{}',              -- the user's conversations before the primary published
    fence bigint not null default 0,
    attempts integer not null default 0,
    planned_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz,
    seconds double precision,
    cpu_seconds double precision,
    tokens bigint not null default 0,
    cost_usd double precision not null default 0
);
create index shadow_runs_by_age on gateway.shadow_runs (planned_at);
create index shadow_runs_by_user on gateway.shadow_runs (user_id);

create table gateway.comparisons (
    job_id uuid primary key,
    user_id text not null,
    mode text not null check (mode in ('shadow', 'noise')),
    one text not null,                                     -- the pipeline that is known
    other text not null,                                   -- the pipeline in question
    primary_side text not null check (primary_side in ('one', 'other')),
    class text not null,
    score double precision not null,
    verdicts jsonb not null,                               -- field -> verdict
    kinds text[] not null,                                 -- kinds of difference, without anybody's words
    detail jsonb not null,                                 -- the whole comparison, with bounded samples
    judgement text,                                        -- one, other, tie, undecided; null: nobody was asked
    created_at timestamptz not null default now()
);
create index comparisons_by_age on gateway.comparisons (created_at);
create index comparisons_by_user on gateway.comparisons (user_id);

create table gateway.shadow_budget (
    day date primary key,
    tokens bigint not null default 0,
    cost_usd double precision not null default 0
);

-- At most one question at a time: sample until the difference is known to this precision.
create table gateway.shadow_goal (
    single boolean primary key default true check (single),
    precision double precision not null check (precision > 0 and precision < 1),
    since timestamptz not null,                            -- comparisons from here on count
    asked_by text not null,
    asked_at timestamptz not null default now(),
    reached_at timestamptz,
    message text not null default ''
);

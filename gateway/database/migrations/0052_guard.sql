-- The guard: what it holds of each rollout of a version, and which worker looks.

-- One row each time that a version's dial rises from 0.
create table gateway.guard_rollouts (
    id bigint generated always as identity primary key,
    pipeline text not null,
    against text not null,                                -- what most of its users would have without it, then
    started_at timestamptz not null,                      -- the dial rose
    state text not null default 'watching'
        check (state in ('watching', 'acting', 'rolled_back', 'would_roll_back')),
    why text not null default '',                         -- it acts, or would
    limits jsonb not null,                                -- size class -> seconds above which a job is slow, fixed then
    slow_seconds double precision not null,               -- the same for a class of which too little was known
    named text[] not null default '{}',                   -- users whom the flag called by name at any look
    split jsonb not null default '{}',                    -- dial in hundredths of a percent -> [users on it, users not]
    split_until timestamptz not null,                     -- users who came until then are counted in it
    verdict jsonb,                                        -- of the last look
    looked_at timestamptz,
    acted_at timestamptz
);
create index guard_rollouts_latest on gateway.guard_rollouts (pipeline, id desc);

-- Users who count, each once a question, in the order in which they were seen. Never changed: what a retry makes of a
-- job later does not undo what was seen.
create table gateway.guard_events (
    n bigint generated always as identity,
    rollout bigint not null references gateway.guard_rollouts (id) on delete cascade,
    question text not null check (question in ('failures', 'time')),
    user_id text not null,
    job_id uuid not null,
    share double precision not null,                      -- of users on the candidate, when that job was decided
    on_candidate boolean not null,
    at timestamptz not null,
    primary key (rollout, question, user_id)
);

-- Who looks, until when nobody else does, and when somebody last had looked.
create table gateway.guard_leader (
    single boolean primary key default true check (single),
    name text not null default '',
    until timestamptz not null default clock_timestamp(),
    looked_at timestamptz not null default clock_timestamp()
);
insert into gateway.guard_leader default values;

create index if not exists processing_jobs_completed on processing_jobs (completed_at) where status = 'complete';

-- How big an export is, by what its caller says: the number of digits of its messages.
create function gateway.size_class(messages integer) returns text
language sql immutable parallel safe as $$
    select case when messages > 0 then length(messages::text)::text else 'unknown' end
$$;

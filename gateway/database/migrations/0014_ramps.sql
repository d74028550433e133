-- Ramps: a stored plan that raises the dial step by step. At most one is active.
create table gateway.ramps (
    id bigint generated always as identity primary key,
    steps double precision[] not null,                    -- dials in percent, rising
    hold_seconds double precision not null,
    min_jobs integer not null,
    auto_rollback boolean not null,
    state text not null default 'running' check (state in ('running', 'paused', 'done', 'aborted', 'rolled_back')),
    step integer not null default 0,                      -- index of the step in force, or being taken
    moved_at timestamptz,                                 -- since when it is in force; null: it is being taken
    dial_before double precision not null,                -- in force when that began
    actor text not null,
    why text not null default '',
    note text not null default '',                        -- what it waits for, or why it stopped
    verdict jsonb,                                        -- the guard's last findings
    started_at timestamptz not null default clock_timestamp(),
    looked_at timestamptz,                                -- when a worker last looked at it
    ended_at timestamptz
);
create unique index ramps_one_active on gateway.ramps ((true)) where state in ('running', 'paused');

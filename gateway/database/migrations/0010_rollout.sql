-- The book of the rollout: every change that the gateway made or saw, what was last written into it, and the switch
-- that rolls back without the flag server.

create table if not exists gateway.rollout_changes (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    what text not null,                      -- rollout, override, ramp, data
    actor text not null,                     -- a person, a token's name, or the part of the gateway that did it
    via text not null,                       -- cli, http, ramp, guard; unleash or file when it was only seen
    why text not null default '',
    before jsonb,                            -- null: nothing was known before
    after jsonb not null,
    revision text not null default ''        -- of the flags, afterwards
);

-- One row: what the flags said when they were last written down. Whoever changes them, or writes down what somebody
-- else changed, holds this row, so that N processes write one line.
create table if not exists gateway.rollout_known (
    single boolean primary key default true check (single),
    version text,                            -- null: nothing is written down yet
    revision text,
    rollout jsonb
);
insert into gateway.rollout_known default values on conflict do nothing;

-- At most one row: while it is there, everybody gets v1, whatever the flags say.
create table if not exists gateway.rollout_override (
    single boolean primary key default true check (single),
    since timestamptz not null default clock_timestamp(),
    actor text not null,
    why text not null default ''
);

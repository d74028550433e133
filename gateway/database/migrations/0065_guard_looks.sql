-- What the guard found, look by look: a row where an answer changed, and one a minute while none does.
create table gateway.guard_looks (
    id bigint generated always as identity primary key,
    rollout bigint not null references gateway.guard_rollouts (id) on delete cascade,
    at timestamptz not null default clock_timestamp(),
    phase text not null,                                  -- the worst of the findings
    findings jsonb not null                               -- as in guard_rollouts.verdict
);
create index guard_looks_of_rollout on gateway.guard_looks (rollout, id desc);
create index guard_looks_by_age on gateway.guard_looks (at);

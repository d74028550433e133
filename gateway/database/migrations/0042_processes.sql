-- What each live process can run and has in force: a row a process, written every few seconds beside its work. Whoever
-- changes the rollout looks here for processes that could not follow, and `rollout show` and the console tell it.
create table if not exists gateway.processes (
    name text primary key,                      -- host:pid and a few letters
    kind text not null,                         -- api, worker, api+worker; cli: opened by a tool
    release text not null,
    started_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    beat_seconds real not null,                 -- how often it writes; silent for three times as long, it counts as gone
    versions text[] not null,                   -- pipelines that it can run
    broken text[] not null,                     -- pipelines that are there and cannot be imported
    base text not null,
    dials jsonb not null,                       -- by version: what is set, in force there, and measured over a sample
    override boolean not null,
    flags_source text not null,
    flags_revision text not null,
    flags_age_seconds real,                     -- at `seen_at`; null: none were ever known
    flags_error text,                           -- why the last refresh failed
    last_start_seconds real                     -- after a rollback: until the last start of what it was to keep away
);

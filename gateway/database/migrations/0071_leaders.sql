-- Who does what one process does for all, until when nobody else may: a row a kind of work. Whoever stays silent for
-- longer is replaced by whoever asks first. Not an advisory lock: a process that is paused would keep one for ever, and
-- behind a pooler in transaction mode nobody can hold one.
create table if not exists gateway.leaders (
    work text primary key,                      -- upkeep, flags, guard
    name text not null,                         -- of the process
    until timestamptz not null,
    since timestamptz not null default clock_timestamp(),
    seen text not null default ''               -- what the leader saw last: the revision of the flags
);

-- What each scrape reads: counted by one process for all, at most every few seconds.
create table if not exists gateway.counts (
    single boolean primary key default true check (single),
    counted_at timestamptz,                     -- null: never yet
    due_at timestamptz not null default '-infinity',  -- until then nobody else counts
    found jsonb
);
insert into gateway.counts default values on conflict do nothing;

-- Whose jobs failed lately is counted without reading all that ever failed.
create index if not exists processing_jobs_failed on processing_jobs (completed_at desc) where status = 'failed';

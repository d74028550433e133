-- Orders for all jobs that match: run again, or cancelled. Workers carry them out batch by batch, whoever gave them and
-- whoever dies meanwhile.
create table if not exists gateway.job_orders (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('retry', 'cancel')),
    wanted jsonb not null,                   -- gateway.jobs.listing.WantedJobs
    actor text not null,
    via text not null,
    why text not null default '',
    state text not null default 'running' check (state in ('running', 'done', 'stopped')),
    expected integer not null,               -- how many there were when it was given; at most so many are looked at
    looked_at integer not null default 0,
    done integer not null default 0,         -- of those: jobs that begin anew, or that are cancelled
    place_at timestamptz,                    -- the last one that was looked at: newest first, none twice
    place_id uuid,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    ended_at timestamptz
);
create index if not exists job_orders_running on gateway.job_orders (id) where state = 'running';

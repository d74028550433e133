-- Which workers live: one row a process, whatever queues it takes from. A row that went silent is removed by the others.
create table if not exists gateway.workers (
    name text primary key,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
);

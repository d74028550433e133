-- How fast calls to a language provider may go out, across all workers: one row a limit.
create table if not exists gateway.pace (
    name text primary key,
    next_at timestamptz not null  -- when the next call would go out, were all calls evenly spaced
);

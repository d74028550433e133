-- Jobs that wait for a service that they need: storage or provider (it is away), storage_access or provider_access (an
-- operator has to set a key or a right). They are `processing`, without a worker, and hold no place of one.
alter table processing_jobs
    add column if not exists waiting_for text,                            -- null: it does not wait, or runs again
    add column if not exists waited_for text,                             -- the last of it, also while it runs again
    add column if not exists waits integer not null default 0,            -- how often it was put off for that
    add column if not exists waiting_since timestamptz;                   -- the first time of these
create index if not exists processing_jobs_waiting on processing_jobs (waiting_for) where waiting_for is not null;

-- One user's jobs run in order: whenever the engine takes an entry, or finishes one, it looks for others of the same
-- user. This index finds them without reading everything that waits.
create index if not exists procrastinate_jobs_by_lock
    on procrastinate_jobs (lock, priority, id) where status in ('todo', 'doing');

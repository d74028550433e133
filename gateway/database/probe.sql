-- What a process asks its database about itself.

-- name: workers
-- A worker registers once for each queue that it takes from.
select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %(seconds)s);

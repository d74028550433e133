-- What a process asks its database about itself.

-- name: is_read_only
-- A standby, a demoted primary, or a database that its provider guards against a full disk.
select current_setting('transaction_read_only')::bool or pg_is_in_recovery();

-- name: workers
select count(*) from gateway.workers where seen_at > now() - make_interval(secs => %(seconds)s);

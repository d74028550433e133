-- The shared rate limit on provider calls, for those who must not make anybody wait.

-- name: book_if_free
-- A slot that is free right now, without the burst that others may use after a pause.
insert into gateway.pace as bucket (name, next_at)
values (%(name)s, clock_timestamp() + make_interval(secs => %(cost)s::float8))
on conflict (name) do update
set next_at = clock_timestamp() + make_interval(secs => %(cost)s::float8)
where bucket.next_at <= clock_timestamp();

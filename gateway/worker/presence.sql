-- A worker's sign of life.

-- name: beat
insert into gateway.workers (name) values (%(name)s)
on conflict (name) do update set seen_at = now();

-- name: leave
delete from gateway.workers where name = %(name)s;

-- name: forget_silent
delete from gateway.workers where seen_at < now() - make_interval(secs => %(seconds)s);

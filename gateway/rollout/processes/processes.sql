-- The rows of live processes.

-- name: beat
insert into gateway.processes as known (
    name, kind, release, beat_seconds, versions, broken, base, dials, override, flags_source, flags_revision,
    flags_age_seconds, flags_error, last_start_seconds, listens
) values (
    %(name)s, %(kind)s, %(release)s, %(beat_seconds)s, %(versions)s, %(broken)s, %(base)s, %(dials)s, %(override)s,
    %(flags_source)s, %(flags_revision)s, %(flags_age_seconds)s, %(flags_error)s, %(last_start_seconds)s,
    %(listens)s
)
on conflict (name) do update
set kind = excluded.kind, beat_seconds = excluded.beat_seconds, seen_at = clock_timestamp(), base = excluded.base,
    dials = excluded.dials, override = excluded.override, flags_source = excluded.flags_source,
    flags_revision = excluded.flags_revision, flags_age_seconds = excluded.flags_age_seconds,
    flags_error = excluded.flags_error, last_start_seconds = excluded.last_start_seconds,
    listens = excluded.listens
returning known.started_at = known.seen_at;

-- name: forget_silent
delete from gateway.processes where seen_at < clock_timestamp() - interval '10 minutes';

-- name: leave
delete from gateway.processes where name = %(name)s;

-- name: live
-- Those that wrote their row not long ago; with `silent`, also those that ended without a word in the last minutes.
select name, kind, release, started_at, extract(epoch from clock_timestamp() - seen_at)::float8 as silent_seconds,
       seen_at > clock_timestamp() - make_interval(secs => 3 * beat_seconds) as live,
       versions, broken, base, dials, override, flags_source, flags_revision, flags_age_seconds, flags_error,
       last_start_seconds, listens
from gateway.processes
where seen_at > clock_timestamp() - case
    when %(silent)s then interval '10 minutes' else make_interval(secs => 3 * beat_seconds)
end
order by kind, name
limit 1000;

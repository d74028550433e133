-- Leading one kind of work, by a row that runs out.

-- name: lead
-- Take the lead, keep it, or learn that somebody else has it. Who does not lead writes nothing.
with held as (
    select seen from gateway.leaders where work = %(work)s and name <> %(name)s and until > clock_timestamp()
), taken as (
    insert into gateway.leaders (work, name, until, seen)
    select %(work)s, %(name)s, clock_timestamp() + make_interval(secs => %(seconds)s), %(seen)s
    where not exists (select 1 from held)
    on conflict (work) do update
    set name = excluded.name, until = excluded.until, seen = excluded.seen,
        since = case when leaders.name = excluded.name then leaders.since else clock_timestamp() end
    where leaders.name = excluded.name or leaders.until < clock_timestamp()
    returning 1
)
select exists (select 1 from taken), (select seen from held);

-- name: leave
update gateway.leaders set until = clock_timestamp() where work = %(work)s and name = %(name)s;

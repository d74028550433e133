-- The switch that needs no flag server.

-- name: throw
insert into gateway.rollout_override (actor, why) values (%(actor)s, %(why)s)
on conflict do nothing
returning since;

-- name: lift
delete from gateway.rollout_override returning actor;

-- name: look
-- One look a second from each process: the switch, and how far the history has come.
select (select coalesce(max(id), 0) from gateway.rollout_changes) as last_change, o.actor, o.why, o.since
from (select 1) as always
left join gateway.rollout_override o on true;

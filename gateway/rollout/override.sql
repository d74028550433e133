-- The switch that needs no flag server, and what each process looks at once a second.

-- name: throw
insert into gateway.rollout_override (actor, why) values (%(actor)s, %(why)s)
on conflict do nothing
returning since;

-- name: lift
delete from gateway.rollout_override returning actor;

-- name: look
select actor, why, since from gateway.rollout_override;

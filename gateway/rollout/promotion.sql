-- Which version was made the base.

-- name: promote
insert into gateway.promotion (base, actor, why) values (%(base)s, %(actor)s, %(why)s)
on conflict (single) do update
set base = excluded.base, actor = excluded.actor, why = excluded.why, since = clock_timestamp()
where promotion.base is distinct from excluded.base
returning base;

-- name: demote
delete from gateway.promotion returning base;

-- name: look
select base from gateway.promotion;

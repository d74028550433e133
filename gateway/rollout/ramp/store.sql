-- Ramps. A row is held while somebody acts on it; every change is guarded by the state that it leaves.

-- name: insert
insert into gateway.ramps (pipeline, steps, hold_seconds, min_jobs, auto_rollback, margin, step, dial_before, actor, why)
values (
    %(pipeline)s, %(steps)s, %(hold_seconds)s, %(min_jobs)s, %(auto_rollback)s, %(margin)s, %(step)s, %(dial_before)s,
    %(actor)s, %(why)s
)
on conflict do nothing
returning *;

-- name: latest
select * from gateway.ramps order by id desc limit 1;

-- name: hold_if_free
select * from gateway.ramps where state in ('running', 'paused') for update skip locked;

-- name: hold
select * from gateway.ramps where state in ('running', 'paused') for update;

-- name: look
-- While a step is being taken nothing is judged: the findings by which it is taken stay.
update gateway.ramps set note = %(note)s, verdict = coalesce(%(verdict)s::jsonb, verdict), looked_at = clock_timestamp() where id = %(id)s;

-- name: settle
update gateway.ramps set moved_at = clock_timestamp(), note = %(note)s
where id = %(id)s and state = 'running' and moved_at is null;

-- name: advance
update gateway.ramps set step = step + 1, moved_at = null, dial_before = %(dial)s, note = %(note)s, verdict = %(verdict)s
where id = %(id)s and state = 'running' and step = %(step)s and moved_at is not null;

-- name: pause
update gateway.ramps set state = 'paused', note = %(note)s where id = %(id)s and state = 'running';

-- name: resume
update gateway.ramps
set state = 'running', step = %(step)s, moved_at = null, dial_before = %(dial)s, note = '', verdict = null
where id = %(id)s and state = 'paused';

-- name: end
update gateway.ramps set state = %(state)s, note = %(note)s, ended_at = clock_timestamp()
where id = %(id)s and state in ('running', 'paused');

-- name: clock
select clock_timestamp();

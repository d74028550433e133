-- The rollout's history. A row is written once and never changed.

-- name: write
insert into gateway.rollout_changes (what, actor, via, why, before, after, revision)
values (%(what)s, %(actor)s, %(via)s, %(why)s, %(before)s, %(after)s, %(revision)s)
returning id;

-- name: announce
select pg_notify('gateway_rollout', '');

-- name: history
select id, at, what, actor, via, why, before, after, revision
from gateway.rollout_changes
where %(before_id)s::bigint is null or id < %(before_id)s
order by id desc
limit %(limit)s;

-- name: known
select version, revision, rollout, case when mark_version = version then mark end as mark from gateway.rollout_known;

-- name: flags_seen
select flags_seen from gateway.rollout_known;

-- name: hold
select version, revision, rollout, case when mark_version = version then mark end as mark from gateway.rollout_known for update;

-- name: hold_if_free
select version, revision, rollout, case when mark_version = version then mark end as mark from gateway.rollout_known for update skip locked;

-- name: record_known
-- What a process does not read, because it knows fewer versions, stays as others wrote it.
update gateway.rollout_known
set version = %(version)s,
    revision = %(revision)s,
    mark = %(mark)s,
    mark_version = %(version)s,
    flags_seen = array(
        select unnest(flags_seen)
        union
        select key from jsonb_each_text(%(rollout)s::jsonb -> 'contents') where value <> ''
        order by 1
    ),
    rollout = %(rollout)s::jsonb || jsonb_build_object(
        'versions', coalesce(rollout -> 'versions', '{}') || (%(rollout)s::jsonb -> 'versions'),
        'contents', coalesce(rollout -> 'contents', '{}') || (%(rollout)s::jsonb -> 'contents')
    );

-- name: since
-- What is new to a process, oldest first, with the database's own clock beside it.
select id, at, what, actor, via, why, before, after, revision
from gateway.rollout_changes
where id > %(id)s
order by id
limit 100;

-- name: clock
select clock_timestamp();

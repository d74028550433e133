-- The rollout's history. A row is written once and never changed.

-- name: write
insert into gateway.rollout_changes (what, actor, via, why, before, after, revision)
values (%(what)s, %(actor)s, %(via)s, %(why)s, %(before)s, %(after)s, %(revision)s)
returning id;

-- name: announce
select pg_notify('gateway_rollout', '');

-- name: history
select c.id, c.at, c.what, c.actor, c.via, c.why, c.before, c.after, c.revision, (
    select coalesce(
        jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'actor', n.actor, 'why', n.why) order by n.id), '[]'
    )
    from gateway.rollout_changes n where n.what = 'note' and (n.after ->> 'about')::bigint = c.id
) as notes
from gateway.rollout_changes c
where (%(before_id)s::bigint is null or c.id < %(before_id)s)
  and (%(what)s::text is null or c.what = %(what)s)
  and (%(actor)s::text is null or c.actor = %(actor)s)
  and (%(via)s::text is null or c.via = %(via)s)
  and (%(since)s::timestamptz is null or c.at >= %(since)s) and c.at < coalesce(%(until)s::timestamptz, 'infinity')
order by c.id desc
limit %(limit)s;

-- name: last_change
select id, at, what, actor, via, why, before, after, revision
from gateway.rollout_changes
where what <> 'note'
order by id desc
limit 1;

-- name: note
insert into gateway.rollout_changes (what, actor, via, why, after)
select 'note', %(actor)s, %(via)s, %(why)s, jsonb_build_object('about', id)
from gateway.rollout_changes where id = %(about)s and what <> 'note'
returning id, at, what, actor, via, why, before, after, revision;

-- name: marks
select (select max(id) from gateway.rollout_changes), (select o::text from gateway.rollout_override o),
       (select base from gateway.promotion);

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
where id > %(id)s and what <> 'note'
order by id
limit 100;

-- name: clock
select clock_timestamp();

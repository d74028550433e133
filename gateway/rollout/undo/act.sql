-- name: of_one_change
-- The rows that one change wrote, one a version: the same author, from the same rollout to the same. Where the flags
-- went there and back again, those next to the row that is asked for.
select id, at, what, actor, via, why, before, after, revision
from (
    select distinct on (c.after ->> 'candidate')
           c.id, c.at, c.what, c.actor, c.via, c.why, c.before, c.after, c.revision
    from gateway.rollout_changes wanted
    join gateway.rollout_changes c on c.id = wanted.id or (
        wanted.what = 'rollout' and c.what = 'rollout' and c.id between wanted.id - 50 and wanted.id + 50
        and (c.actor, c.via, c.why) = (wanted.actor, wanted.via, wanted.why)
        and c.before ->> 'version' = wanted.before ->> 'version'
        and c.after ->> 'version' = wanted.after ->> 'version'
    )
    where wanted.id = %(id)s
    order by c.after ->> 'candidate', abs(c.id - wanted.id)
) as rows
order by id;

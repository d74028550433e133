-- What Now reads that no other page does.

-- name: dials
-- Changes of dials, the newest first; at most so many, and not much older than the rollout that is judged.
select at, after ->> 'candidate' as pipeline, (after ->> 'dial')::float8 as dial, actor, via, what,
       (after ->> 'override')::boolean as is_on
from gateway.rollout_changes
where (what = 'rollout' and after ->> 'dial' is distinct from before ->> 'dial') or what in ('override', 'base')
order by id desc
limit 200;

-- name: counted
-- Users by version and reason since a moment, of the newest jobs; whom the flags call by name is left out.
with looked_at as (
    select pipeline, reason, user_id, created_at, pinned
    from processing_jobs
    where created_at >= %(since)s and pipeline is not null
    order by created_at desc
    limit %(most)s
)
select pipeline, coalesce(reason, 'unknown') as reason, count(distinct user_id) as users,
       (select case when count(*) = %(most)s then min(created_at) end from looked_at) as only_since
from looked_at
where user_id::text <> all(%(named)s) and not (pinned and reason is not distinct from 'flag')
group by 1, 2;

-- name: forced
-- Since when each user is called by name: the newest row by which a list of a version's flag came to hold them.
select pipeline, list, user_id, max(at) as since
from (
    select after ->> 'candidate' as pipeline, at, list, user_id,
           coalesce(before -> list, '[]') as listed_before
    from gateway.rollout_changes, unnest(array['forced_in', 'forced_out']) as list,
         jsonb_array_elements_text(after -> list) as user_id
    where what = 'rollout' and after -> list is distinct from before -> list
    order by id desc
    limit 5000
) as named
where not listed_before ? user_id
group by 1, 2, 3;

-- What comparisons say together. `field` narrows to fields that begin like it, `one` and `other` to two versions and the
-- noise of either; null takes all.

-- name: compared
-- Which two versions were compared, the latest first.
select one, other, count(*) from gateway.comparisons where created_at >= %(since)s and mode = 'shadow'
group by one, other order by max(created_at) desc, one, other;

-- name: classes
select mode, class, count(*) from gateway.comparisons
where created_at >= %(since)s
  and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                     else (one, other) = (%(one)s::text, %(other)s::text) end)
group by mode, class;

-- name: fields
select c.mode, v.key, count(*), count(*) filter (where v.value not in ('same', 'equivalent'))
from gateway.comparisons c cross join jsonb_each_text(c.verdicts) v
where c.created_at >= %(since)s and (%(field)s::text is null or starts_with(v.key, %(field)s::text))
  and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                     else (one, other) = (%(one)s::text, %(other)s::text) end)
group by c.mode, v.key;

-- name: kinds
select kind, count(*) filter (where c.mode = 'shadow'), count(*) filter (where c.mode = 'noise'),
       (array_agg(c.job_id::text order by c.mode desc, c.created_at desc))[1]
from gateway.comparisons c cross join unnest(c.kinds) as kind
where c.created_at >= %(since)s and (%(field)s::text is null or starts_with(kind, %(field)s::text))
  and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                     else (one, other) = (%(one)s::text, %(other)s::text) end)
group by kind
order by 2 desc, 3 desc, 1
limit %(kinds)s;

-- name: judgements
select judgement, count(*) from gateway.comparisons
where created_at >= %(since)s and judgement is not null
  and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                     else (one, other) = (%(one)s::text, %(other)s::text) end)
group by judgement;

-- name: outcomes
select mode, case status when 'done' then outcome else status end, count(*)
from gateway.shadow_runs
where planned_at >= %(since)s
  and (%(one)s::text is null or primary_pipeline in (%(one)s::text, %(other)s::text)
       and coalesce(shadow_pipeline in (%(one)s::text, %(other)s::text), true))
group by 1, 2 order by 1, 3 desc, 2;

-- name: costs
select shadow_pipeline, mode, seconds, coalesce(cpu_seconds, 0), tokens, cost_usd
from (
    select * from gateway.shadow_runs
    where planned_at >= %(since)s and outcome = 'compared'
      and (%(one)s::text is null or primary_pipeline in (%(one)s::text, %(other)s::text)
           and coalesce(shadow_pipeline in (%(one)s::text, %(other)s::text), true))
    order by ended_at desc limit 10000
) as latest;

-- name: pairs
-- With `harmed`, only those with harms, the worst harm first and then those with most harms.
select job_id::text, mode, one, other, class, score, created_at, coalesce(harms, '{}')
from gateway.comparisons
where created_at >= %(since)s and (%(class)s::text is null or class = %(class)s)
  and (%(kind)s::text is null or %(kind)s = any(kinds))
  and (not %(harmed)s or harms <> '{}')
order by case when %(harmed)s then array_position(%(severity)s::text[], harms[1]) end,
         case when %(harmed)s then -cardinality(harms) end, created_at desc
limit %(limit)s;

-- name: pair
select c.job_id::text, c.user_id, c.mode, c.one, c.other, c.primary_side, c.judgement, c.created_at, c.detail::text,
       r.seconds, r.cpu_seconds, r.tokens, r.cost_usd
from gateway.comparisons c left join gateway.shadow_runs r on r.job_id = c.job_id
where c.job_id = %(id)s;

-- name: goal
select precision, since, asked_by, asked_at, reached_at, message from gateway.shadow_goal;

-- name: ask
insert into gateway.shadow_goal as goal (precision, since, asked_by)
values (%(precision)s, %(since)s, %(by)s)
on conflict (single) do update
set precision = excluded.precision, since = excluded.since, asked_by = excluded.asked_by, asked_at = now(),
    reached_at = null, message = '';

-- name: note
update gateway.shadow_goal
set message = %(message)s, reached_at = case when %(reached)s then now() end
where asked_at = %(asked_at)s and reached_at is null
returning 1;

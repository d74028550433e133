-- What comparisons say together. `field` narrows to fields that begin like it, `one` and `other` to two versions and the
-- noise of either; null takes all. A user counts once in a rate, with their first pair: those who come often are not
-- several users, and intervals over pairs would be too narrow.

-- name: compared
-- Which two versions were compared, the latest first.
select one, other, count(*) from gateway.comparisons where created_at >= %(since)s and created_at < coalesce(%(until)s::timestamptz, 'infinity') and mode = 'shadow'
group by one, other order by max(created_at) desc, one, other;

-- name: classes
select mode, class, count(*)
from (
    select distinct on (mode, user_id) mode, class from gateway.comparisons
    where created_at >= %(since)s and created_at < coalesce(%(until)s::timestamptz, 'infinity')
      and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                         else (one, other) = (%(one)s::text, %(other)s::text) end)
    order by mode, user_id, created_at, job_id
) as first_pairs
group by mode, class;

-- name: fields
-- Of the newest first pairs, at most so many: each is as many rows as it has fields, and rates of more say no more.
with first_pairs as (
    select distinct on (mode, user_id) mode, user_id, created_at, job_id from gateway.comparisons
    where created_at >= %(since)s and created_at < coalesce(%(until)s::timestamptz, 'infinity')
      and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                         else (one, other) = (%(one)s::text, %(other)s::text) end)
    order by mode, user_id, created_at, job_id
), newest as (
    select mode, job_id from first_pairs order by created_at desc, job_id limit %(most)s
)
select n.mode, v.key, count(*), count(*) filter (where v.value not in ('same', 'equivalent'))
from newest n join gateway.comparisons c on c.job_id = n.job_id cross join jsonb_each_text(c.verdicts) v
where %(field)s::text is null or starts_with(v.key, %(field)s::text)
group by n.mode, v.key;

-- name: kinds
select kind, count(*) filter (where c.mode = 'shadow'), count(*) filter (where c.mode = 'noise'),
       (array_agg(c.job_id::text order by c.mode desc, c.created_at desc))[1]
from (
    select distinct on (mode, user_id) mode, kinds, job_id, created_at from gateway.comparisons
    where created_at >= %(since)s and created_at < coalesce(%(until)s::timestamptz, 'infinity')
      and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                         else (one, other) = (%(one)s::text, %(other)s::text) end)
    order by mode, user_id, created_at, job_id
) as c cross join unnest(c.kinds) as kind
where %(field)s::text is null or starts_with(kind, %(field)s::text)
group by kind
order by 2 desc, 3 desc, 1
limit %(kinds)s;

-- name: judgements
select judgement, count(*) from gateway.comparisons
where created_at >= %(since)s and created_at < coalesce(%(until)s::timestamptz, 'infinity') and judgement is not null
  and (%(one)s::text is null or case mode when 'noise' then one in (%(one)s::text, %(other)s::text)
                                     else (one, other) = (%(one)s::text, %(other)s::text) end)
group by judgement;

-- name: outcomes
select mode, case status when 'done' then outcome else status end, count(*)
from gateway.shadow_runs
where planned_at >= %(since)s and planned_at < coalesce(%(until)s::timestamptz, 'infinity')
  and (%(one)s::text is null or primary_pipeline in (%(one)s::text, %(other)s::text)
       and coalesce(shadow_pipeline in (%(one)s::text, %(other)s::text), true))
group by 1, 2 order by 1, 3 desc, 2;

-- name: effects
-- The first plan of each user that ended, of these two versions and of each with itself ("arm" null, or the version): its
-- harms, or that it is missing: shed, over budget, ended on the side that is known. Left out: plans that were skipped, and
-- pairs that were compared before harms were judged.
with ended as (
    select c.user_id, c.job_id, coalesce(r.planned_at, c.created_at) as at,
           case c.mode when 'noise' then c.other end as arm, c.harms,
           c.harms <> '{}' or coalesce(c.gains <> '{}', false) as differs,
           width_bucket(c.conversations, %(sizes)s::integer[]) as size, false as missing
    from gateway.comparisons c left join gateway.shadow_runs r on r.job_id = c.job_id
    where c.created_at >= %(since)s and c.created_at < coalesce(%(until)s::timestamptz, 'infinity') and c.harms is not null
      and case c.mode when 'noise' then c.one in (%(one)s::text, %(other)s::text)
                      else (c.one, c.other) = (%(one)s::text, %(other)s::text) end
    union all
    select r.user_id, r.job_id, r.planned_at,
           case r.mode when 'noise' then coalesce(r.shadow_pipeline, r.primary_pipeline) end, '{}', false, null, true
    from gateway.shadow_runs r
    where r.planned_at >= %(since)s and r.planned_at < coalesce(%(until)s::timestamptz, 'infinity') and r.status = 'done' and r.outcome not in ('compared', 'skipped')
      and r.primary_pipeline in (%(one)s::text, %(other)s::text)
      and coalesce(r.shadow_pipeline in (%(one)s::text, %(other)s::text), true)
      and not exists (select 1 from gateway.comparisons c where c.job_id = r.job_id)
), first_of_user as (
    select distinct on (arm, user_id) * from ended order by arm, user_id, at, job_id
)
select arm, size, missing, harms, differs, count(*),
       (select count(*) from ended where arm is null and harms <> '{}') as harmed_pairs,
       (select count(*) from ended where arm is null and not missing) as pairs
from first_of_user group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;

-- name: costs
select shadow_pipeline, mode, seconds, coalesce(cpu_seconds, 0), tokens, cost_usd
from (
    select distinct on (shadow_pipeline, user_id) * from gateway.shadow_runs
    where planned_at >= %(since)s and planned_at < coalesce(%(until)s::timestamptz, 'infinity') and outcome = 'compared'
      and (%(one)s::text is null or primary_pipeline in (%(one)s::text, %(other)s::text)
           and coalesce(shadow_pipeline in (%(one)s::text, %(other)s::text), true))
    order by shadow_pipeline, user_id, planned_at
) as first_runs
order by ended_at desc limit 10000;

-- name: pairs
-- With `harmed`, only those with harms, the worst harm first and then those with most harms; a page goes on behind `after`.
with place as (
    select case when %(harmed)s then array_position(%(severity)s::text[], harms[1]) else 0 end as worst,
           case when %(harmed)s then -cardinality(harms) else 0 end as most, created_at, job_id
    from gateway.comparisons where job_id = %(after)s::uuid
)
select c.job_id::text, c.mode, c.one, c.other, c.class, c.score, c.created_at, coalesce(c.harms, '{}')
from gateway.comparisons c
where c.created_at >= %(since)s and c.created_at < coalesce(%(until)s::timestamptz, 'infinity')
  and (%(class)s::text is null or c.class = %(class)s)
  and (%(kind)s::text is null or %(kind)s = any(c.kinds))
  and (%(mode)s::text is null or c.mode = %(mode)s)
  and (not %(harmed)s or c.harms <> '{}')
  and (%(after)s::uuid is null or exists (
      select 1 from place
      where (
          case when %(harmed)s then array_position(%(severity)s::text[], c.harms[1]) else 0 end,
          case when %(harmed)s then -cardinality(c.harms) else 0 end,
          -extract(epoch from c.created_at), c.job_id
      ) > (place.worst, place.most, -extract(epoch from place.created_at), place.job_id)
  ))
order by case when %(harmed)s then array_position(%(severity)s::text[], c.harms[1]) end,
         case when %(harmed)s then -cardinality(c.harms) end, c.created_at desc, c.job_id
limit %(limit)s;

-- name: pair
select c.job_id::text, c.user_id, c.mode, c.one, c.other, c.primary_side, c.judgement, c.created_at, c.detail::text,
       r.seconds, r.cpu_seconds, r.tokens, r.cost_usd,
       coalesce(r.primary_pipeline, case c.primary_side when 'one' then c.one else c.other end)
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

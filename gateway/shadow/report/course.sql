-- How comparisons of two versions became what they are, in spans of equal length.

-- name: harms
-- Users by their first pair of either kind, and those whom it harms so.
with firsts as (
    select distinct on (mode, user_id) mode, harms, created_at
    from gateway.comparisons
    where created_at >= %(since)s and created_at < %(until)s and harms is not null
      and case mode when 'noise' then one in (%(one)s, %(other)s) else (one, other) = (%(one)s, %(other)s) end
    order by mode, user_id, created_at, job_id
)
select mode,
       least(width_bucket(extract(epoch from created_at)::float8, extract(epoch from %(since)s::timestamptz)::float8,
                          extract(epoch from %(until)s::timestamptz)::float8, %(points)s), %(points)s) as span,
       count(*) as users, count(*) filter (where harms && %(harms)s::text[]) as hits
from firsts group by 1, 2 order by 2, 1;

-- name: endings
-- Comparisons by the version that was to run beside the other, and how they ended where that gave no pair.
select coalesce(shadow_pipeline, primary_pipeline) as pipeline, outcome, count(*)
from gateway.shadow_runs
where planned_at >= %(since)s and planned_at < %(until)s and status = 'done' and outcome <> 'skipped'
  and primary_pipeline in (%(one)s, %(other)s) and coalesce(shadow_pipeline in (%(one)s, %(other)s), true)
group by 1, 2 order by 1, 3 desc, 2;

-- name: first_pair
select min(created_at) from gateway.comparisons where created_at >= %(since)s;

-- name: spent_today
select coalesce(sum(tokens), 0)::bigint, coalesce(sum(cost_usd), 0)::float8
from gateway.shadow_budget where day = (now() at time zone 'utc')::date;

-- name: first_outcomes
-- The first job of each user and version that ended since then, in so many spans of equal length. At most so many jobs of
-- either outcome are looked at, the newest: then all begins where the shorter of the two lists begins.
with complete as (
    select pipeline, user_id, completed_at, false as failed from processing_jobs
    where status = 'complete' and completed_at >= %(since)s and completed_at < coalesce(%(until)s::timestamptz, 'infinity')
      and pipeline is not null and not pinned
    order by completed_at desc limit %(most)s
), failed as (
    select pipeline, user_id, completed_at, true as failed from processing_jobs
    where status = 'failed' and completed_at >= %(since)s and completed_at < coalesce(%(until)s::timestamptz, 'infinity')
      and pipeline is not null and not pinned and not cancelled
    order by completed_at desc limit %(most)s
), cut as (
    select greatest(
        (select case when count(*) = %(most)s then min(completed_at) end from complete),
        (select case when count(*) = %(most)s then min(completed_at) end from failed)
    ) as only_since
), firsts as (
    select distinct on (e.pipeline, e.user_id) e.pipeline, e.completed_at, e.failed
    from (select * from complete union all select * from failed) e cross join cut
    where cut.only_since is null or e.completed_at >= cut.only_since
    order by e.pipeline, e.user_id, e.completed_at
), spans as (
    select min(completed_at) as start, greatest(
        least(clock_timestamp(), coalesce(%(until)s::timestamptz, 'infinity')) - min(completed_at), interval '1 second'
    ) / %(points)s as span from firsts
)
select f.pipeline, s.start + s.span * (1 + least(
           floor(extract(epoch from f.completed_at - s.start) / extract(epoch from s.span)), %(points)s - 1
       )::integer) as at, count(*) as users, count(*) filter (where f.failed) as failed,
       (select only_since from cut) as only_since
from firsts f cross join spans s
group by f.pipeline, at
order by f.pipeline, at;

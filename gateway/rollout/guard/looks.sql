-- Looks of the guard. A row is written once and never changed.

-- name: keep
-- Where an answer is another one than at the last look that was kept, or that one is a minute old.
insert into gateway.guard_looks (rollout, phase, findings)
select %(rollout)s, %(phase)s, %(findings)s
where not exists (
    select 1
    from (select at, findings from gateway.guard_looks where rollout = %(rollout)s order by id desc limit 1) as last
    where last.at > clock_timestamp() - make_interval(secs => %(seconds)s)
      and jsonb_path_query_array(last.findings, '$[*].phase') = jsonb_path_query_array(%(findings)s, '$[*].phase')
);

-- name: looks
select l.id, l.at, r.pipeline, r.against, l.phase, l.findings
from gateway.guard_looks l
join gateway.guard_rollouts r on r.id = l.rollout
where (%(before_id)s::bigint is null or l.id < %(before_id)s)
  and (%(pipeline)s::text is null or r.pipeline = %(pipeline)s)
  and l.at >= %(since)s and l.at < coalesce(%(until)s::timestamptz, 'infinity')
order by l.id desc
limit %(limit)s;

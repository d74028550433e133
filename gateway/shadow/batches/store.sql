-- Batches of comparisons and their answers. Every change is one statement guarded by the state that it leaves.

-- name: answers
select key, status, body from gateway.shadow_answers where job_id = %(id)s and status <> 'asked';

-- name: keep_answer
-- Of a question that was asked in the usual way, while the comparison is ours.
insert into gateway.shadow_answers (job_id, key, user_id, status, body)
select job_id, %(key)s, user_id, %(status)s, %(body)s
from gateway.shadow_runs where job_id = %(id)s and fence = %(fence)s and status = 'running'
on conflict (job_id, key) do update set status = excluded.status, body = excluded.body;

-- name: hold_plan
select 1 from gateway.shadow_runs where job_id = %(id)s and fence = %(fence)s and status = 'running' for update;

-- name: begin
insert into gateway.shadow_batches (
    id, job_id, status, pipeline, mode, grouping, questions, day, tokens, cost_usd, look_at
)
values (
    %(batch)s, %(id)s, 'sending', %(pipeline)s, %(mode)s, %(grouping)s, %(questions)s, %(day)s, %(taken)s, %(usd)s,
    now() + make_interval(secs => %(seconds)s)
);

-- name: ask
insert into gateway.shadow_answers (job_id, key, user_id, batch, number, status)
select r.job_id, asked.key, r.user_id, %(batch)s, asked.place - 1, 'asked'
from gateway.shadow_runs r, unnest(%(keys)s::text[]) with ordinality as asked (key, place)
where r.job_id = %(id)s
on conflict (job_id, key) do update
set batch = excluded.batch, number = excluded.number, status = 'asked', body = null;

-- name: sent
update gateway.shadow_batches
set status = 'sent', handle = %(handle)s, looks = 0, look_at = now() + make_interval(secs => %(seconds)s)
where id = %(batch)s and status = 'sending';

-- name: not_sent
-- The provider took nothing of it (`unsent`), or it is not known whether it did (`sending`).
update gateway.shadow_batches
set status = %(status)s, looks = 0, look_at = now() + make_interval(secs => %(seconds)s)
where id = %(batch)s and status = 'sending';

-- name: put_aside
-- Not an attempt that took a worker down.
update gateway.shadow_runs
set status = 'aside', attempts = attempts - 1, batches = batches + 1, tokens = tokens + %(tokens)s,
    cost_usd = cost_usd + %(cost_usd)s
where job_id = %(id)s and fence = %(fence)s and status = 'running';

-- name: take_due
-- The next look is made later and later: whoever looks at one takes it from the others for that long.
with due as (
    select id from gateway.shadow_batches where look_at <= now() order by look_at limit 1 for update skip locked
)
update gateway.shadow_batches b
set looks = b.looks + 1,
    look_at = now() + make_interval(secs => least(%(first)s * power(2, least(b.looks + 1, 30)), %(longest)s))
from due
where b.id = due.id
returning b.id, b.job_id::text, b.status, b.pipeline, b.mode, b.handle, b.grouping, b.questions, b.begun_at,
          extract(epoch from now() - b.begun_at)::float8,
          (select r.status from gateway.shadow_runs r where r.job_id = b.job_id), b.day, b.tokens, b.cost_usd;

-- name: handles
select handle from gateway.shadow_batches where handle is not null;

-- name: cancelled
update gateway.shadow_batches set status = 'cancelled', handle = %(handle)s where id = %(batch)s;

-- name: take_off
delete from gateway.shadow_batches where id = %(batch)s returning job_id::text;

-- name: answered
update gateway.shadow_answers a
set status = came.status, body = came.body
from unnest(%(numbers)s::int[], %(statuses)s::text[], %(bodies)s::text[]) as came (number, status, body)
where a.batch = %(batch)s and a.number = came.number and a.status = 'asked';

-- name: unanswered
-- The provider said nothing of them.
update gateway.shadow_answers set status = 'expired' where batch = %(batch)s and status = 'asked';

-- name: not_asked
delete from gateway.shadow_answers where batch = %(batch)s and status = 'asked';

-- name: spend
update gateway.shadow_runs set tokens = tokens + %(tokens)s, cost_usd = cost_usd + %(cost_usd)s where job_id = %(id)s;

-- name: take_up
update gateway.shadow_runs set status = 'planned' where job_id = %(id)s and status = 'aside' returning 1;

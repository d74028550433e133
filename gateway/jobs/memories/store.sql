-- What is remembered of a user. A version's memory is written with its result, and by no other version.

-- name: remembered
-- With the facts of the last results: of those that were published without a memory, or after it.
select coalesce(m.pipeline, r.pipeline), m.job_id::text, m.memory::text, r.job_id::text,
       case when r.job_id is distinct from m.job_id then (r.soulprint -> 'facts')::text end, r.published_at
from (select * from gateway.memories where user_id = %(user)s) m
full join (select * from gateway.results where user_id = %(user)s) r on r.pipeline = m.pipeline;

-- name: forgotten
select key from gateway.forgotten_facts where user_id = %(user)s order by key;

-- name: live
select pipeline from user_profiles where user_id = %(user)s;

-- name: keep_memory
insert into gateway.memories (user_id, pipeline, job_id, memory)
values (%(user)s, %(pipeline)s, %(id)s, %(memory)s)
on conflict (user_id, pipeline) do update
set job_id = excluded.job_id, memory = excluded.memory, updated_at = now();

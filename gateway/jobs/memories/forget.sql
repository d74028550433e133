-- Having facts forgotten: everything that holds their words is read, cleaned and written back, in one transaction.

-- name: hold_profile
-- As publishing does: what is published meanwhile waits, and then knows what was forgotten.
select 1 from user_profiles where user_id = %(user)s for update;

-- name: note_forgotten
insert into gateway.forgotten_facts (user_id, key)
select %(user)s::text, unnest(%(keys)s::text[])
on conflict do nothing;

-- name: write_memory
insert into gateway.memories (user_id, pipeline, job_id, memory)
select r.user_id, r.pipeline, r.job_id, %(memory)s::jsonb
from gateway.results r
where r.user_id = %(user)s and r.pipeline = %(pipeline)s
on conflict (user_id, pipeline) do update
set memory = excluded.memory, job_id = excluded.job_id, updated_at = now();

-- name: results
select pipeline, soulprint::text from gateway.results where user_id = %(user)s;

-- name: write_result
update gateway.results set soulprint = %(soulprint)s where user_id = %(user)s and pipeline = %(pipeline)s;

-- name: live_profile
select 'live', soulprint::text, soulprint_text, soul_md, identity_md, agents_md, user_md, tools_md, memory_log, memory_md,
       archetype, ai_name
from user_profiles where user_id = %(user)s;

-- name: kept_profiles
select pipeline, soulprint::text, soulprint_text, soul_md, identity_md, agents_md, user_md, tools_md, memory_log,
       memory_md, archetype, ai_name
from gateway.published_profiles where user_id = %(user)s
for update;

-- name: write_live_profile
update user_profiles
set soulprint = %(soulprint)s, soulprint_text = %(soulprint_text)s, soul_md = %(soul_md)s, identity_md = %(identity_md)s,
    agents_md = %(agents_md)s, user_md = %(user_md)s, tools_md = %(tools_md)s, memory_log = %(memory_log)s,
    memory_md = %(memory_md)s, archetype = %(archetype)s, ai_name = %(ai_name)s
where user_id = %(user)s;

-- name: write_kept_profile
update gateway.published_profiles
set soulprint = %(soulprint)s, soulprint_text = %(soulprint_text)s, soul_md = %(soul_md)s, identity_md = %(identity_md)s,
    agents_md = %(agents_md)s, user_md = %(user_md)s, tools_md = %(tools_md)s, memory_log = %(memory_log)s,
    memory_md = %(memory_md)s, archetype = %(archetype)s, ai_name = %(ai_name)s
where user_id = %(user)s and pipeline = %(pipeline)s;

-- name: readings
select key, payload::text from gateway.readings where user_id = %(user)s;

-- name: drop_readings
-- They are read anew with the next import, and what was forgotten is left out then. So is all that was written: texts
-- may say it in other words.
delete from gateway.readings where user_id = %(user)s and (key = any(%(keys)s) or key like 'written/%%');

-- name: drop_steps
-- Of jobs that are over. What a job under way publishes is cleaned when it does.
delete from gateway.job_steps s using processing_jobs j
where j.id = s.job_id and j.user_id = %(user)s and j.status in ('complete', 'failed');

-- name: drop_answers
-- Of comparisons that are aside: what was answered may say it in other words, and is asked again.
delete from gateway.shadow_answers where user_id = %(user)s and status <> 'asked';

-- name: planned_runs
select job_id::text, primary_run::text from gateway.shadow_runs where user_id = %(user)s and primary_run is not null;

-- name: write_planned_run
update gateway.shadow_runs set primary_run = %(value)s where job_id = %(key)s and primary_run is not null;

-- name: comparisons
select job_id::text, detail::text from gateway.comparisons where user_id = %(user)s;

-- name: write_comparison
update gateway.comparisons set detail = %(value)s where job_id = %(key)s;

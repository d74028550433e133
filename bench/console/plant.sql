-- A rollout in its middle, of a service that is some weeks old, as `python -m bench.console` asks for it.

-- name: jobs
-- %(jobs)s jobs of the last 30 days of a third as many users; from the last five days on, a quarter of all have v2.
insert into processing_jobs
    (user_id, status, pipeline, reason, dials, storage_path, conversation_count, created_at, started_at, completed_at,
     updated_at, failure_cause, error_message, attempts, current_step, progress, dial)
select 'u' || u, case when n %% 83 = 7 then 'failed' else 'complete' end, case when is_on then 'v2' else 'v1' end, 'flag',
       jsonb_build_array(jsonb_build_array('v2', dial, is_on, (u * 7919::bigint) %% 10000, 'g')), 'u' || u || '/raw-1.json',
       (n * 13) %% 900, at, at + interval '1 second', done, done, case when n %% 83 = 7 then 'pipeline' end,
       case when n %% 83 = 7 then 'ValueError: no facts' end, 1, case when n %% 83 = 7 then 'facts' else 'publish' end, 100, dial
from (
    select *, (u * 7919::bigint) %% 10000 < dial * 100 as is_on, at + make_interval(secs => 20 + (n * 31) %% 40) as done
    from (
        select n, (n * 48271::bigint) %% (%(jobs)s / 3) as u,
               now() - interval '30 days' + n * interval '30 days' / %(jobs)s as at,
               case when n < %(jobs)s * 25 / 30 then 0 else 25 end as dial
        from generate_series(1::bigint, %(jobs)s - 100) n
    ) as moments
) as jobs;

-- name: profiles
insert into user_profiles (user_id, import_status, pipeline, soulprint_generated_at, total_chunks)
select distinct on (user_id) user_id, 'complete', pipeline, completed_at, 12 from processing_jobs
where status = 'complete' order by user_id, created_at desc;

-- name: pairs
-- %(pairs)s comparisons of the last 30 days, a tenth of them between two equal runs; one in 33 loses facts.
insert into gateway.comparisons
    (job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, gains, created_at,
     conversations)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n %% (%(pairs)s * 2 / 3), case when n %% 10 = 0 then 'noise' else 'shadow' end,
       'v1', case when n %% 10 = 0 then 'v1' else 'v2' end, 'one',
       case when n %% 33 = 1 then 'worse_covered' when n %% 5 = 0 then 'equivalent' else 'same' end, 0.5 + (n %% 50) / 100.0,
       (select jsonb_object_agg('sections.part_' || k, case when (n + k) %% 7 = 0 then 'different' else 'same' end)
        from generate_series(1, 24) k),
       case when n %% 33 = 1 then array['facts: only one has interest', 'archetype: other words'] else '{}' end,
       (select jsonb_build_object('class_', 'same', 'score', 1, 'text', string_agg(md5(n::text || k::text), ' '))
        from generate_series(1, 60) k),
       case when n %% 33 = 1 then array['lost'] when n %% 350 = 0 then array['lost'] else '{}' end, '{}',
       now() - interval '30 days' + n * interval '30 days' / %(pairs)s, (n * 13) %% 900
from generate_series(1, %(pairs)s - 1) n;

-- name: runs
insert into gateway.shadow_runs
    (job_id, user_id, mode, primary_pipeline, shadow_pipeline, status, outcome, planned_at, ended_at, seconds, cpu_seconds,
     tokens, cost_usd)
select job_id, user_id, mode, one, other, 'done',
       case when mode = 'shadow' and get_byte(uuid_send(job_id), 15) %% 29 = 0 then 'timed_out' else 'compared' end,
       created_at, created_at + interval '1 minute', 30, 4, 9000, 0.004
from gateway.comparisons;

-- name: rollout
-- Since five days, as the guard keeps it.
insert into gateway.guard_rollouts
    (pipeline, against, started_at, limits, slow_seconds, split, split_until, verdict, looked_at)
values ('v2', 'v1', now() - interval '5 days', '{}', 60, '{"2500": [41000, 123000]}', now(), %(verdict)s,
        now() - interval '12 s');

-- name: looks
insert into gateway.guard_looks (rollout, at, phase, findings)
select g.id, now() - n * interval '1 minute', 'ok', g.verdict -> 'findings'
from gateway.guard_rollouts g, generate_series(1, 7200) n;

-- name: history
insert into gateway.rollout_changes (at, what, actor, via, why, before, after, revision)
select now() - interval '5 days' - n * interval '1 hour', 'rollout', 'op-' || n %% 5, 'cli', 'step ' || n,
       jsonb_build_object('candidate', 'v2', 'dial', n %% 50), jsonb_build_object('candidate', 'v2', 'dial', (n + 1) %% 50), ''
from generate_series(2000, 1, -1) n;

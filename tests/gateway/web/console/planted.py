"""A rollout as it stands after half a day: users on both sides, dial steps, comparisons, what the guard found."""

import json
from typing import Any

import msgspec

from gateway.shadow.compare.model import Comparison, Effects, FactPair, FactsVerdict, FieldVerdict, Finding, Overlap
from tests.gateway.web.console.browser import Browser

SCRIPT = "<script>alert('x')</script>"
WORST = "00000000-0000-4000-8000-0000000000ff"

ROLLOUT = """
insert into gateway.guard_rollouts
    (pipeline, against, started_at, limits, slow_seconds, split, split_until, verdict, looked_at)
select 'v2', 'v1', now() - interval '12 hours', '{}', 60, '{"100": [6, 600], "500": [68, 1200], "2500": [338, 1036]}',
       now(), %(verdict)s, now() - interval '12 s';
insert into gateway.guard_looks (rollout, at, phase, findings)
select id, now() - interval '1 minute', 'ok', (%(verdict)s::jsonb) -> 'findings' from gateway.guard_rollouts;
insert into gateway.rollout_changes (at, what, actor, via, why, before, after, revision)
select now() - make_interval(hours => hours), 'rollout', 'ramp 1', 'ramp', 'step',
       jsonb_build_object('candidate', 'v2', 'dial', before), jsonb_build_object('candidate', 'v2', 'dial', dial,
       'verdict', jsonb_build_object('findings', (%(verdict)s::jsonb) -> 'findings')), ''
from (values (12, 0, 1), (10, 1, 5), (6, 5, 25)) as step (hours, before, dial);
insert into processing_jobs
    (user_id, status, pipeline, reason, dials, storage_path, created_at, started_at, completed_at, failure_cause)
select 'u' || n, case when n %% %(every)s = 7 then 'failed' else 'complete' end,
       case when is_on then 'v2' else 'v1' end, 'flag',
       jsonb_build_array(jsonb_build_array('v2', dial, is_on, (n * 7919) %% 10000, 'g')), 'x', at, at,
       at + make_interval(secs => (case when is_on then 41 else 38 end) * (0.5 + (n * 31 %% 100) / 100.0)),
       case when n %% %(every)s = 7 then 'pipeline' end
from (
    select n, at, dial, (n * 7919) %% 10000 < dial * 100 as is_on
    from (
        select n, now() - interval '12 hours' + n * interval '12 hours' / %(users)s as at,
               case when n < %(users)s / 6 then 1 when n < %(users)s / 2 then 5 else 25 end as dial
        from generate_series(1::bigint, %(users)s - 1) n
    ) as steps
) as users;
"""
PAIRS = """
insert into gateway.comparisons
    (job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, gains, created_at)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n, case when n %% 10 = 0 then 'noise' else 'shadow' end,
       'v1', case when n %% 10 = 0 then 'v1' else 'v2' end, 'one',
       case when n %% 33 = 1 then 'worse_covered' when n %% 5 = 0 then 'equivalent' else 'same' end,
       0.5 + (n %% 50) / 100.0, '{"facts": "same"}',
       case when n %% 33 = 1 then array['facts: only one has interest'] else '{}' end, '{"class_": "same", "score": 1}',
       case when n %% 33 = 1 then array['lost'] when n %% 350 = 0 then array['lost'] else '{}' end, '{}',
       now() - interval '11 hours' + n * interval '11 hours' / %(pairs)s
from generate_series(1, %(pairs)s - 1) n;
insert into gateway.shadow_runs
    (job_id, user_id, mode, primary_pipeline, shadow_pipeline, status, outcome, planned_at, ended_at)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n, case when n %% 10 = 0 then 'noise' else 'shadow' end,
       'v1', case when n %% 10 = 0 then 'v1' else 'v2' end, 'done',
       case when n %% 10 <> 0 and n %% 9 = 0 then 'timed_out' else 'compared' end,
       now() - interval '11 hours' + n * interval '11 hours' / %(pairs)s, now()
from generate_series(1, %(pairs)s - 1) n;
"""
WORST_PAIR = """
insert into gateway.comparisons
    (job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, gains, created_at)
values (%(id)s, 'secret-user', 'shadow', 'v1', 'v2', 'one', 'contradicts', 0.1, '{}', '{}', %(detail)s,
        array['wrong_person', 'lost'], '{}', now() - interval '3 hours')
"""


def findings() -> dict[str, Any]:
    said = [
        ("sample", "ok", "412 of 3,248 users are on v2, 405.0 by the dial"),
        ("failures", "ok", "of 40 users whose jobs failed, 5 were on v2"),
        ("time", "ok", "of 12 users whose jobs took longer than usual, 2 were on v2"),
        ("dependencies", "ok", "no service failed a job lately"),
    ]
    return {
        "phase": "ok",
        "findings": [{"check": check, "phase": phase, "message": message} for check, phase, message in said],
        "split": {"0.25": [338, 1036]},
    }


def worst_comparison() -> Comparison:
    """With words that a page must not take for its own."""
    share = Overlap(0.2, 0.5, 0.3)
    return Comparison(
        "contradicts", 0.1,
        fields=(
            FieldVerdict("sections.user.location", "contradicts", share, 1.0, "Lives in Lyon, moved 2023", SCRIPT),
            FieldVerdict("sections.user.name", "same", Overlap(1.0), 1.0, "Zebulon", "Zebulon"),
            FieldVerdict("total_chunks", "different", share, 0.0, "14", "19"),
        ),
        facts=FactsVerdict(
            3, 1, 1, 1, 0, ("interest: jazz",), ("interest: chess",),
            (FactPair("relation", "Sister Mia, nurse", f"daughter Mia {SCRIPT}"),),
        ),
        effects=Effects((Finding("wrong_person", "facts.city", "Atlantis"), Finding("lost", "facts.interest", "jazz"))),
        texts=("Zebulon lives in Lyon.", f"Zebulon lives {SCRIPT} in Oslo."),
    )  # fmt: skip


async def plant(browser: Browser, *, users: int = 3300, pairs: int = 704, every: int = 83) -> None:
    """`every`: one user of so many fails."""
    async with browser.gateway.services.database.pool.connection() as connection:
        values = {"verdict": json.dumps(findings()), "users": users, "every": every, "pairs": pairs}
        for block in (ROLLOUT, PAIRS):
            for statement in block.split(";\n"):
                if statement.strip():
                    await connection.execute(statement.encode(), values)
        detail = msgspec.json.encode(worst_comparison()).decode()
        await connection.execute(WORST_PAIR.encode(), {"id": WORST, "detail": detail})

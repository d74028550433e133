"""`gateway shadow list --harm`: whom a version harms worst comes first, whatever came last."""

import asyncio
from contextlib import suppress

import pytest

from gateway.cli.main import main
from gateway.database.pool import Database
from gateway.shadow.compare.model import HARMS

# Each user's name says where it belongs; in the order in which they came.
CAME = {
    "5 slower": ["slower"],
    "2 wrong person": ["wrong_person"],
    "nobody": [],
    "4 garbled": ["garbled", "slower"],
    "1 wrong person and more": ["wrong_person", "lost"],
    "3 failed": ["failed"],
    "not judged": None,
    "3.5 lost, later": ["lost"],
    "3.6 lost, before": ["lost"],
}


async def test_the_worst_harm_comes_first_then_most_harms_then_the_latest(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    jobs = {}
    async with database.pool.connection() as connection:
        for age, (user, harms) in enumerate(CAME.items()):
            cursor = await connection.execute(
                "insert into gateway.comparisons (job_id, user_id, mode, one, other, primary_side, class, score, "
                "verdicts, kinds, detail, harms, created_at) values (gen_random_uuid(), %s, 'shadow', 'v1', 'v2', "
                "'one', 'same', 1, '{}', '{}', '{}', %s, now() - make_interval(mins => %s)) returning job_id::text",
                (user, harms, age),
            )
            row = await cursor.fetchone()
            assert row is not None
            jobs[row[0]] = user
    monkeypatch.setenv("DATABASE_URL", database_url)
    with suppress(SystemExit):
        await asyncio.to_thread(main, ("shadow", "list", "--harm"))
    listed = [user for line in capsys.readouterr().out.splitlines() for job, user in jobs.items() if job in line]
    assert listed == sorted(user for user, harms in CAME.items() if harms)
    assert {harm for harms in CAME.values() for harm in harms or ()} == set(HARMS)

"""A run's ports: staging that can be repeated, steps that are understood or done again, progress forwards only."""

import asyncio
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.model import Decision
from gateway.jobs.accept.rows import NewJob
from gateway.jobs.model import Claim
from gateway.jobs.publish import clean, encode_json
from gateway.jobs.run.ports import JobExport, JobProgress, StagingSink, StoredSteps
from pipelines.contract import Chunk, ExportError
from tests.gateway.jobs.conftest import Bench

NOW = datetime(2025, 6, 1, tzinfo=UTC)
NASTY = "a\x00b \ud83d \\u0000 é"


class Old(msgspec.Struct):
    """A step's payload before a field was added."""

    n: int


class New(msgspec.Struct):
    """And after it."""

    n: int
    m: int


def chunk(text: str) -> Chunk:
    return Chunk("c", "t", text, 1, NOW, is_recent=True, tier="micro")


async def claimed(bench: Bench, **request: object) -> Claim:
    job = await bench.store.load((await bench.accept()).job_id)
    assert job is not None
    claim = await bench.store.claim(job, worker="w", limit=9, pipeline="v1", reason="flag")
    assert claim is not None
    return claim


async def staged(bench: Bench) -> list[str]:
    rows = await bench.rows("select content from gateway.staged_chunks order by n")
    return [row["content"] for row in rows]


async def test_chunks_of_an_unfinished_attempt_are_forgotten(bench: Bench) -> None:
    claim, pool = await claimed(bench), bench.services.database.pool
    await StagingSink(pool, claim).add_chunks([chunk("one"), chunk("two"), chunk("three")])
    sink = StagingSink(pool, claim)
    await sink.replace_chunks()
    await sink.add_chunks([chunk("four")])
    assert await staged(bench) == ["four"]


async def test_a_later_attempt_that_skips_the_staging_step_adds_behind_what_is_there(bench: Bench) -> None:
    claim, pool = await claimed(bench), bench.services.database.pool
    await StagingSink(pool, claim).add_chunks([chunk("one")])
    await StagingSink(pool, claim).add_chunks([chunk("two")])
    assert await staged(bench) == ["one", "two"]


async def test_a_batch_whose_commit_was_not_answered_is_staged_once(bench: Bench) -> None:
    sink = StagingSink(bench.services.database.pool, await claimed(bench))
    await sink.add_chunks([chunk("one")])
    for _ in range(2):
        await sink._stage(1, [chunk("two"), chunk("three")])
    assert await staged(bench) == ["one", "two", "three"]


async def test_text_that_postgres_refuses_is_cleaned(bench: Bench) -> None:
    claim, pool = await claimed(bench), bench.services.database.pool
    await StagingSink(pool, claim).add_chunks([chunk(NASTY)])
    assert await staged(bench) == ["ab ? \\u0000 é"]
    steps = StoredSteps(pool, claim, time_limit=9)
    assert await steps.run("one", 1, str, lambda: asyncio.sleep(0, NASTY)) == NASTY
    assert await steps.run("one", 1, str, lambda: asyncio.sleep(0, "not run")) == "ab ? \\u0000 é"


async def test_a_step_of_another_version_or_shape_is_done_again(bench: Bench) -> None:
    steps = StoredSteps(bench.services.database.pool, await claimed(bench), time_limit=9)
    await steps.run("one", 1, Old, lambda: asyncio.sleep(0, Old(1)))
    assert await steps.run("one", 1, Old, lambda: asyncio.sleep(0, Old(9))) == Old(1)
    assert await steps.run("one", 1, New, lambda: asyncio.sleep(0, New(2, 2))) == New(2, 2)
    assert await steps.run("one", 2, New, lambda: asyncio.sleep(0, New(3, 3))) == New(3, 3)


async def test_an_export_that_came_with_the_request_is_a_file(bench: Bench, tmp_path: Path) -> None:
    new = NewJob(
        str(uuid.uuid4()), "ann", None, 1, None, Decision("v1", "v1_only", 0.0, "r"), False, "k", inline=b'["tea"]'
    )
    accepted = await bench.services.accepter.accept(new)
    job = await bench.store.load(accepted.job_id)
    assert job is not None
    claim = Claim(job, job.fence, 1)
    path = await JobExport(bench.services.database.pool, bench.services.exports, claim, tmp_path).fetch()
    assert json.loads(path.read_text()) == ["tea"]
    await bench.execute("delete from gateway.job_inputs")
    with pytest.raises(ExportError, match="send it again"):
        await JobExport(bench.services.database.pool, bench.services.exports, claim, tmp_path).fetch()


async def test_progress_goes_forwards_only(bench: Bench) -> None:
    claim = await claimed(bench)
    ticks = iter(range(100))
    progress = JobProgress(bench.store, claim, clock=lambda: float(next(ticks)))
    seen = []
    for step, percent in [("downloading", 5), ("chunking", 15), ("chunking", 10), ("writing", 140), ("writing", 50)]:
        await progress(step, percent)
        seen.append((await bench.job(claim.job.id))["progress"])
    assert seen == [5, 15, 15, 99, 99]
    later = JobProgress(bench.store, claim)
    await later("downloading", 5)
    job = await bench.job(claim.job.id)
    assert (job["current_step"], job["progress"]) == ("writing", 99)


@given(st.text())
def test_clean_text_is_what_postgres_takes(text: str) -> None:
    cleaned = clean(text)
    assert cleaned is not None
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


JSON = st.recursive(st.text() | st.integers(-9, 9), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(JSON)
def test_json_is_what_postgres_takes_and_otherwise_the_same(value: object) -> None:
    read_back = json.loads(encode_json(value))
    nul = "\\u0000"
    assert nul not in json.dumps(read_back).replace("\\\\", "")
    if nul not in json.dumps(value):
        assert read_back == value

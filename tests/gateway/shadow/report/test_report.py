"""The report, the pair and the goal: over the database, on the command line, over HTTP."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pydantic import SecretStr

from flags.control import open_control
from gateway.cli.main import main
from gateway.cli.text.shadow import printable
from gateway.config.moments import EVER
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import history
from gateway.shadow.compare.model import Comparison, FieldVerdict, Overlap
from gateway.shadow.comparison_row import MAX_DETAIL, encode_detail
from gateway.shadow.report.queries import SQL, read_goal, read_harm, read_pair, read_report
from gateway.shadow.report.report import PairCount, pair_to_show
from gateway.shadow.report.statistics import Share
from gateway.shadow.stop_sampling import StopSampling, ask
from gateway.statistics.confidence import Rate
from gateway.web.app import create_app
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench
from tests.json_documents import wrong_in

WORDS = ["tea", "Lisbon", "chess", "jazz"]
TOKEN = "an-operator-token-that-is-long-enough-1"
PAIRS = """
insert into gateway.comparisons (
    job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, conversations
)
select gen_random_uuid(), coalesce(%(user)s, %(one)s || %(class)s || n), %(mode)s, %(one)s,
       case %(mode)s when 'noise' then %(one)s else %(other)s end,
       'one', %(class)s, 1, '{"facts": "same"}', '{}', '{}',
       case %(class)s when 'same' then '{}' when 'failed' then '{failed}' else '{lost}' end::text[], %(conversations)s
from generate_series(1, %(count)s) n
"""


async def fill(database: Database, one: str = "v1", other: str = "v2", user: str | None = None, **counts: int) -> None:
    """So many comparisons of each "mode__class", each of its own user or all of one; noise is of the older version."""
    async with database.pool.connection() as connection:
        for name, count in counts.items():
            mode, _, class_ = name.partition("__")
            values = {"mode": mode, "class": class_, "count": count, "one": one, "other": other, "user": user}
            values["conversations"] = 10 if class_ == "same" else 200
            await connection.execute(PAIRS, values)


async def test_every_rate_is_beside_its_noise(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        ann = (await bench.accept("ann", WORDS, shadow="other")).job_id
        bob = (await bench.accept("bob", WORDS, shadow="same")).job_id
        bench.start()
        await bench.shadow(ann)
        await bench.shadow(bob)
        report = await read_report(bench.services.database.pool)
        assert (report.overall.rate.hits, report.overall.rate.pairs, report.overall.noise.pairs) == (1, 1, 1)
        assert "noise 0.0%" in report.answer
        assert "not beyond noise" in report.answer
        lines = {line.name: line for line in report.fields}
        assert (lines["facts"].rate.hits, lines["facts"].noise.hits) == (1, 0)
        kinds = {kind.kind: kind for kind in report.kinds}
        assert kinds["facts: only one has interest"].example == ann
        assert report.outcomes == {"shadow": {"compared": 1}, "noise": {"compared": 1}}
        assert {cost.pipeline for cost in report.costs} == {"v1", "v2"}
        narrow = await read_report(bench.services.database.pool, field="facts")
        assert {line.name for line in narrow.fields} == {"facts"}
        later = await read_report(bench.services.database.pool, datetime.now(UTC) + timedelta(hours=1))
        assert later.answer == "Nothing was compared yet."


async def test_two_versions_are_reported_on_and_never_mixed_with_others(database: Database) -> None:
    await fill(database, "v1", "v2", shadow__same=30, noise__same=5)
    values = {"since": EVER, "until": None, "one": None, "other": None, "field": None, "most": 4}
    async with database.pool.connection() as connection:
        found = await (await connection.execute(SQL["fields"], values)).fetchall()
    assert sum(pairs for _, _, pairs, _ in found) == 4, "fields of the newest pairs alone"
    await fill(database, "v1", "v3", shadow__worse_covered=7)
    await fill(database, "v2", "v3", shadow__worse_covered=4, shadow__same=4, noise__same=3, noise__worse_covered=1)
    report = await read_report(database.pool)
    assert report.answer.startswith("v3 against v2: ")
    assert (report.overall.rate, report.overall.noise) == (Rate(4, 8), Rate(1, 4))
    assert {(pair.one, pair.other, pair.pairs) for pair in report.compared} == {
        ("v1", "v2", 30), ("v1", "v3", 7), ("v2", "v3", 8),
    }  # fmt: skip
    before = await read_report(database.pool, pair=("v2", "v1"))
    assert before.answer.startswith("v2 against v1: ")
    assert (before.overall.rate, before.overall.noise) == (Rate(0, 30), Rate(1, 9))
    assert (await read_report(database.pool, pair=("v3", "v1"))).overall.rate == Rate(7, 7)
    assert (await read_harm(database.pool, EVER)) == report.harm
    assert (report.harm.harmed.users, report.harm.itself["v2"].users) == (Share(Rate(4, 8)), Share(Rate(1, 4)))
    assert [(size.size, size.harmed.users.known) for size in report.harm.by_size] == [
        ("up to 20 conversations", Rate(0, 4)), ("101 to 1,000", Rate(4, 4)),
    ]  # fmt: skip
    assert report.harm.by_size[0].says == "v3 and v2 say the same on exports of this size"


async def test_a_user_counts_once_and_a_pair_that_is_missing_is_bounded(database: Database) -> None:
    await fill(database, user="ann", shadow__worse_covered=50)
    await fill(database, shadow__same=9, noise__same=3)
    async with database.pool.connection() as connection:
        await connection.execute(
            "insert into gateway.shadow_runs"
            " (job_id, user_id, mode, primary_pipeline, shadow_pipeline, status, outcome)"
            " select gen_random_uuid(), 'missing' || n, 'shadow', 'v2', 'v1', 'done', outcome"
            " from unnest(array['shed', 'timed_out', 'skipped']) with ordinality as ended (outcome, n)"
        )
    report = await read_report(database.pool)
    assert (report.overall.rate, report.harm.pairs) == (Rate(1, 10), Rate(50, 59))
    assert report.harm.harmed.users == Share(Rate(1, 10), missing=2)
    assert report.harm.headline.startswith("Harmed users, v2 against v1: 10.0% (")
    assert "10 users, 2 missing), against 0.0% (" in report.harm.headline
    assert report.harm.headline.endswith("when v1 is compared with itself, and v2 was not compared with itself.")


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(5, 9)), unique=True, max_size=6))
def test_without_a_name_the_version_compared_last_is_shown_beside_the_newest(found: list[tuple[int, int]]) -> None:
    compared = [PairCount(f"v{one}", f"v{other}", 1) for one, other in found]
    shown = pair_to_show(compared)
    if shown is None:
        assert compared == []
        return
    assert shown.other == compared[0].other
    assert int(shown.one[1:]) == max(one for one, other in found if f"v{other}" == shown.other)
    assert pair_to_show(compared, (shown.other, shown.one)) == shown
    assert pair_to_show(compared, ("v11", "v10")) == PairCount("v10", "v11", 0)


async def test_operators_see_it_over_http_and_nobody_else(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        job = (await bench.accept("ann", WORDS, shadow="other")).job_id
        bench.start()
        await bench.shadow(job)
        settings = bench.settings.model_copy(update={"operator_token": SecretStr(TOKEN)})
        app = create_app(replace(bench.services, settings=settings))
        async with (
            app.router.lifespan_context(app) as state,
            httpx.AsyncClient(transport=Stated(app, state), base_url="http://x") as client,
        ):
            for path in ("/admin/shadow", "/admin/shadow/pairs", f"/admin/shadow/pairs/{job}"):
                assert (await client.get(path)).status_code == 401
            client.headers["authorization"] = f"Bearer {TOKEN}"
            report = (await client.get("/admin/shadow?since=7d")).json()
            assert report["overall"]["rate"] == {"hits": 1, "pairs": 1}
            assert report["shown"] == {"one": "v1", "other": "v2", "pairs": 1}
            assert (await client.get("/admin/shadow?pair=v1:v3")).json()["overall"]["rate"]["pairs"] == 0
            assert (await client.get("/admin/shadow?pair=v1")).status_code == 422
            (listed,) = (await client.get("/admin/shadow/pairs?class=worse_covered")).json()
            assert listed["job_id"] == job
            assert (await client.get("/admin/shadow/pairs?class=same")).json() == []
            pair = (await client.get(f"/admin/shadow/pairs/{job}")).json()
            assert pair["comparison"]["facts"]["samples_only_one"] == ["interest: jazz"]
            assert (await client.get(f"/admin/shadow/pairs/{'0' * 8}-0000-4000-8000-{'0' * 12}")).status_code == 404
            assert (await client.get("/admin/shadow?since=whenever")).status_code == 422


async def test_the_command_line_shows_the_report_and_a_pair(
    open_bench: OpenBench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        job = (await bench.accept("ann", WORDS, shadow="other")).job_id
        bench.start()
        await bench.shadow(job)
    monkeypatch.setenv("DATABASE_URL", database_url)

    async def run(*arguments: str) -> str:
        with suppress(SystemExit):
            await asyncio.to_thread(main, ("shadow", *arguments))
        return capsys.readouterr().out

    capsys.readouterr()
    assert "v2 against v1: 100.0% (" in await run("report", "--since", "24h")
    assert "v3 against v2: nothing was compared yet" in await run("report", "--pair", "v3:v2")
    assert await run("report", "--pair", "v3-v2") == ""
    assert "v1 writes none" in await run("report", "--field", "memory")
    assert json.loads(await run("report", "--json"))["overall"]["rate"]["hits"] == 1
    assert job in await run("list", "--class", "worse_covered")
    (listed,) = [line for line in (await run("list", "--harm")).splitlines() if job in line]
    assert "lost" in listed
    shown = await run("show", job)
    assert "! lost  facts.interest  jazz" in shown
    assert "worse_covered" in shown
    assert "- interest: jazz" in shown
    document = await run("show", job, "--json")
    assert json.loads(document)["job_id"] == job
    assert wrong_in(("shadow", "show", job, "--json"), document) == []


class Stated(httpx.ASGITransport):
    """Calls an application with the state that its lifespan gave."""

    def __init__(self, app: Any, state: Any) -> None:
        async def stated(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        super().__init__(stated)


async def test_sampling_stops_when_the_question_is_answered(database: Database, settings: Settings) -> None:
    control = open_control(data_dir=settings.data_dir)
    await control.init()
    await control.set_shadow(50)
    keeper = StopSampling(database.pool, RolloutChanges(database.pool, control, kept_in="file"))
    assert await keeper.look() is None
    await ask(database.pool, 0.05, EVER, "ann")
    await fill(database, shadow__same=20, noise__same=20)
    said = await keeper.look()
    assert said is not None
    assert "asked for at most 5.0%" in said
    assert (await control.read()).shadow_percent == 50
    await fill(database, shadow__same=400, noise__same=400)
    said = await keeper.look()
    assert said is not None
    assert "harm is bounded" in said
    assert "from 50 % to 0 %" in said
    assert (await control.read()).shadow_percent == 0
    goal = await read_goal(database.pool)
    assert goal is not None
    assert goal.reached_at is not None
    assert await keeper.look() is None
    assert (await history(database.pool))[0].actor == "shadow comparisons"
    assert (await read_report(database.pool)).goal == goal
    await control.close()


async def test_without_a_way_to_change_the_flags_the_goal_stays_open(database: Database) -> None:
    await ask(database.pool, 0.05, EVER, "ann")
    await fill(database, shadow__same=400, noise__same=400)
    await StopSampling(database.pool, RolloutChanges(database.pool, None, kept_in="unleash")).look()
    goal = await read_goal(database.pool)
    assert goal is not None
    assert goal.reached_at is None


def test_a_pair_that_is_too_large_is_kept_with_shorter_samples() -> None:
    fields = tuple(
        FieldVerdict(f"f{n}", "different", Overlap(0, 0.5, 0.5), 1, "x" * 240, "y" * 240) for n in range(900)
    )
    assert len(encode_detail(Comparison("contradicts", 0.0, fields))) <= MAX_DETAIL


@given(st.text())
@hypothesis(max_examples=100)
def test_no_word_of_a_user_steers_the_terminal(text: str) -> None:
    assert printable(text).isprintable()


async def test_there_is_no_pair_of_a_job_that_was_not_compared(database: Database, tmp_path: Path) -> None:
    assert await read_pair(database.pool, "00000000-0000-4000-8000-000000000000") is None

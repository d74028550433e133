"""The rollback drill: it holds on the real thing, and it says so when something does not."""

import asyncio
import io
import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from gateway.cli.rehearsal.drill.fault import BROKEN, Break, break_candidate
from gateway.cli.rehearsal.drill.judge import Measured, judge
from gateway.cli.rehearsal.drill.rehearse import rehearse
from gateway.cli.rehearsal.roles import Roles
from gateway.cli.rehearsal.stage.screen import Screen
from pipelines.contract import PipelineError, Ports
from pipelines.registry import Registry

pytestmark = pytest.mark.scene

ROLES = Roles("v1", "v2")
HELD = Measured(
    verdict="13 of 13 jobs failed", detection_seconds=2.0, flip_seconds=(0.1, 0.1), last_start_seconds=None,
    late_starts=0, ramp_state="rolled_back", accepted=100, posted=100, complete=80, failed=20, failed_otherwise=0,
    unfinished=0, rescued=10, rescued_complete=10, to_restore=8, restored=8, equal=8,
)  # fmt: skip


@pytest.mark.whole  # the rehearsal that `make test` plays has the same acts
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_drill_holds() -> None:
    out = io.StringIO()
    measured, wrong = rehearse(Screen(Console(file=out, width=200)), crowd=60)
    assert wrong == [], out.getvalue()
    assert measured.failed > 0
    assert measured.equal == measured.to_restore > 0


def test_when_all_held_nothing_is_wrong() -> None:
    assert judge(HELD, ROLES) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"detection_seconds": None}, "the guard did not roll back"),
        ({"ramp_state": "running"}, "the ramp is running, not rolled back"),
        ({"flip_seconds": (0.1, 2.5)}, "the flip took more than 2 s to arrive"),
        ({"late_starts": 1}, "1 v2 jobs started after the flip had arrived"),
        ({"accepted": 99}, "1 requests were not accepted"),
        ({"unfinished": 2}, "2 jobs did not end"),
        ({"failed_otherwise": 1}, "1 jobs failed for another reason than the fault"),
        ({"failed": 0}, "no job failed: the fault was not there"),
        ({"rescued": 0, "rescued_complete": 0}, "no waiting v2 job became a v1 job"),
        ({"rescued_complete": 9}, "1 rescued jobs did not complete"),
        ({"equal": 7}, "8 of 8 users were restored, 7 to the byte"),
        ({"restored": 7}, "7 of 8 users were restored, 8 to the byte"),
        ({"to_restore": 0, "restored": 0, "equal": 0}, "0 of 0 users were restored, 0 to the byte"),
    ],
)
def test_each_thing_that_does_not_hold_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert judge(replace(HELD, **changes), ROLES) == [sentence]


HUNG = replace(
    HELD, detection_seconds=None, ramp_state="none", failed=0, hung=True, gone_seconds=1.0, complete=100, rescued=30,
    rescued_complete=30,
)  # fmt: skip


def test_jobs_that_hang_need_no_guard_and_are_gone_after_the_grace() -> None:
    assert judge(HUNG, ROLES) == []
    assert judge(replace(HUNG, gone_seconds=11.0), ROLES) == ["v2 jobs ran for longer than 10 s after the grace"]
    assert judge(replace(HUNG, gone_seconds=None), ROLES) == ["v2 jobs ran for longer than 10 s after the grace"]
    assert judge(replace(HUNG, failed=1), ROLES) == ["1 jobs failed"]


class Steps:
    """Runs every step."""

    async def run(self, name: str, version: int, type_: type, work: Any) -> Any:
        return await work()


async def stepping(request: Any, ports: Any) -> Any:
    async def work() -> str:
        return "done"

    return [await ports.steps.run(name, 1, str, work) for name in ("first", "memory", "last")]


def test_only_the_candidate_breaks_and_only_while_the_file_is_there(tmp_path: Path) -> None:
    switch = tmp_path / "broken"
    broken = Break("memory", switch)
    registry = break_candidate(Registry({"v1": stepping, "v2": stepping}, {}), "v2", broken)
    ports = cast("Any", ports_with_steps())

    def run(name: str) -> Any:
        return asyncio.run(cast("Any", registry.usable[name](cast("Any", SimpleNamespace(job_id="1")), ports)))

    assert run("v2") == ["done"] * 3
    broken.turn_on()
    with pytest.raises(PipelineError, match=BROKEN):
        run("v2")
    assert run("v1") == ["done"] * 3
    handed_over = pickle.dumps(registry.usable["v2"])  # to a process that cannot read the file
    switch.unlink()
    assert run("v2") == ["done"] * 3
    registry = Registry({"v2": pickle.loads(handed_over)}, {})
    with pytest.raises(PipelineError, match=BROKEN):
        run("v2")


def ports_with_steps() -> Any:
    nothing = cast("Any", SimpleNamespace())
    return Ports(nothing, nothing, nothing, nothing, cast("Any", Steps()), nothing, nothing, Path())

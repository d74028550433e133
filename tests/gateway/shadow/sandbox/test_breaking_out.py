"""Real processes of comparisons that try to get out, or to take more than they may: held, ended, nothing is left."""

import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
import pytest

from gateway.confinement.model import RESTRICTIONS, Confinement
from gateway.shadow.budget import no_engine
from gateway.shadow.sandbox.child import EXPORT, PRIMARY_RUN, NotConfined, check_confined
from gateway.shadow.sandbox.parent import run_process
from gateway.shadow.sandbox.protocol import Limits, PrimaryRun, Task
from gateway.shadow.sandbox.stopped import Stopped
from tests.gateway.confinement.attacks import ATTACKS
from tests.gateway.confinement.scene import described, standing_outside
from tests.gateway.jobs.conftest import until
from tests.gateway.shadow.sandbox.breaking_out import TARGET

MIB = 1 << 20


def task_of(folder: Path, guest: str, **changes: object) -> Task:
    """A comparison in a folder as the worker makes it."""
    folder.mkdir(exist_ok=True)
    (folder / EXPORT).write_text('["tea"]')
    (folder / PRIMARY_RUN).write_bytes(msgspec.json.encode(PrimaryRun(error="none")))
    task = Task(
        pipeline="v3", function=f"tests.gateway.shadow.sandbox.breaking_out:{guest}", job_id="job", user_id="user",
        storage_path="path", inline=False, conversation_count=None, message_count=None,
        accepted_at=datetime(2026, 5, 1, tzinfo=UTC), folder=str(folder), primary_pipeline="v2", primary_is_one=True,
        keys_before=(), limits=Limits(256 * MIB, 60.0, 8 * MIB),
    )  # fmt: skip
    return msgspec.structs.replace(task, **changes)


async def nothing_to_check() -> None:
    return


async def run(task: Task, check: Callable[[], Awaitable[None]] = nothing_to_check) -> None:
    await run_process(task, no_engine, check)


async def test_nothing_gets_out_and_nothing_outlives_it(tmp_path: Path) -> None:
    with standing_outside(os.getuid()) as target:
        task = task_of(target.own, "attacking")
        (target.own / TARGET).write_text(described(target))
        await run(task)
        told = json.loads((target.own / "found").read_text())
    assert told["out"] == {kind: [] for kind in ATTACKS}
    assert len(told["left"]) == 3
    await until(lambda: none_lives(told["left"]))


@pytest.mark.parametrize(
    ("guest", "memory", "outcome", "reason"),
    [
        ("filling", 256 * MIB, "flooded", "its folder held more than 8 MiB"),
        ("multiplying", 64_000 * MIB, "flooded", "more than 64 processes"),
        ("holding", 256 * MIB, "out_of_memory", " MiB"),
    ],
)
async def test_what_takes_too_much_in_pieces_is_ended(
    tmp_path: Path, guest: str, memory: int, outcome: str, reason: str
) -> None:
    with pytest.raises(Stopped) as stopped:
        await run(task_of(tmp_path / "own", guest, limits=Limits(memory, 60.0, 8 * MIB)))
    assert (stopped.value.outcome, reason in stopped.value.reason) == (outcome, True)


def test_where_it_is_required_nothing_runs_without_it(tmp_path: Path) -> None:
    task = task_of(tmp_path / "own", "attacking", needs_confinement=True)
    check_confined(task, Confinement({}))
    without_files = Confinement({"files": "no Landlock"})
    with pytest.raises(NotConfined, match=r"files \(no Landlock\)"):
        check_confined(task, without_files)
    check_confined(msgspec.structs.replace(task, needs_confinement=False), without_files)
    assert without_files.standing == tuple(name for name in RESTRICTIONS if name != "files")


async def none_lives(pids: list[int]) -> bool:
    return not any(map(lives, pids))


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

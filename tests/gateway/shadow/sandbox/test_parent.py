"""A comparison's process seen from its worker: it always ends, whatever is under way for it."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path
from typing import cast

import msgspec
import pytest

from gateway.shadow.budget import no_engine
from gateway.shadow.sandbox.parent import converse, run_process
from gateway.shadow.sandbox.protocol import Call, Reply, Task, pack
from gateway.shadow.sandbox.stopped import Stopped
from tests.gateway.shadow.sandbox.test_breaking_out import nothing_to_check, task_of

ASKS_AND_WAITS = """
import sys, time
sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))
sys.stdout.flush()
time.sleep(600)
"""


async def test_a_call_that_loses_a_cancellation_holds_nobody_up() -> None:
    asked, lost = asyncio.Event(), 0

    async def answer(_call: Call) -> Reply:
        nonlocal lost
        asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost += 1
        await asyncio.Event().wait()
        raise AssertionError

    call = pack(Call(1, "section", msgspec.Raw(msgspec.msgpack.encode([]))))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASKS_AND_WAITS, call.hex(), stdin=PIPE, stdout=PIPE
    )
    try:
        talking = asyncio.create_task(converse(process, cast("Task", msgspec.Raw(b"\xc0")), answer))
        await asyncio.wait_for(asked.wait(), 180)
        talking.cancel()
        await asyncio.wait({talking}, timeout=240)
        assert talking.cancelled()
        assert lost == 1
    finally:
        process.kill()
        await process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a class for who comes last")
async def test_it_comes_last_before_it_could_step_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of Python, a program that never steps back: it waits for its task, and says how it is scheduled."""
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys\nsys.stdin.buffer.read(1)\n"
        "open('found', 'w').write(str(os.sched_getscheduler(0) == os.SCHED_IDLE))\n"
    )
    program.chmod(0o700)
    task = task_of(tmp_path / "own", "attacking")
    with monkeypatch.context() as started:
        started.setattr(sys, "executable", str(program))
        with pytest.raises(Stopped):
            await run_process(task, no_engine, nothing_to_check)
    assert (tmp_path / "own" / "found").read_text() == "True"

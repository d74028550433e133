"""A worker whose machine starts no process says so, and blames neither a pipeline nor a service."""

import asyncio
import os
import shutil
import signal
import sys

import psutil
import pytest

from gateway.jobs.run.awaited import KNOWN, awaited_by, passes
from gateway.jobs.run.cause import cause_of
from gateway.jobs.run.isolated.errors import NoProcess
from gateway.jobs.run.isolated.forking import Forking


@pytest.mark.parametrize(
    ("program", "why"), [("false", "its fork server ends at once"), ("/nowhere/python", "No such file")]
)
async def test_no_process_is_the_machines_fault_and_tried_again(
    program: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which(program) or program)
    forking = Forking(0)
    with pytest.raises(NoProcess, match=why) as found:
        async with forking.child():
            pass
    assert (cause_of(found.value, KNOWN), passes(found.value), awaited_by(found.value)) == ("operator", True, None)
    forking.stop()


async def test_a_machine_that_is_able_again_starts_one(monkeypatch: pytest.MonkeyPatch) -> None:
    able = sys.executable
    forking = Forking(0)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NoProcess):
        async with forking.child():
            pass
    monkeypatch.setattr(sys, "executable", able)
    async with forking.child() as child:
        assert child.pid > 0
    await asyncio.to_thread(forking.stop)


async def test_a_run_whose_server_is_gone_was_killed_and_no_server_is_started_to_say_so() -> None:
    forking = Forking(0)
    async with forking.child() as child:
        server = psutil.Process(child.pid).ppid()
        os.kill(server, signal.SIGKILL)
        await asyncio.to_thread(psutil.wait_procs, [psutil.Process(server)], 30)
    assert child.status == -signal.SIGKILL
    forking.stop()

"""A comparison's process seen from its worker: it always ends, whatever is under way for it."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from typing import cast

import msgspec

from gateway.shadow.sandbox.parent import converse
from gateway.shadow.sandbox.protocol import Call, Reply, Task, pack

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
        await asyncio.wait_for(asked.wait(), 60)
        talking.cancel()
        await asyncio.wait({talking}, timeout=60)
        assert talking.cancelled()
        assert lost == 1
    finally:
        process.kill()
        await process.wait()

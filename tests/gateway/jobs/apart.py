"""Pipelines for tests of isolated runs: importable by name, told by the words of the export what to do."""

import asyncio
import json
import os
import time
from functools import partial

from pipelines.contract import ImportRequest, PipelineError, Ports, Soulprint
from tests.gateway.confinement.attacks import target_of, try_all
from tests.gateway.jobs.scripted import chunks_of, read_words, soulprint_of

HUGE = 8 * 1024**3


async def obey(request: ImportRequest, ports: Ports) -> Soulprint:
    """Reads, stages and computes as any pipeline does; then does what the first word says."""
    await ports.progress("downloading", 5)
    export = await ports.exports.fetch()
    words = await ports.compute(read_words, str(export))
    await ports.sink.replace_chunks()
    await ports.sink.add_chunks(chunks_of(request, words))
    await ports.steps.run("early", 1, int, early)
    await ports.steps.run("late", 1, int, partial(act, words[0], ports))
    await ports.progress("late", 90)
    return soulprint_of(request, words)


async def early() -> int:
    """A step that is over when the fault comes."""
    return 1


async def act(word: str, ports: Ports) -> int:  # noqa: C901, PLR0912 - a list of faults
    """What the word says. Each fault is one that a pipeline's code can have."""
    match word.partition(" {")[0]:
        case "raise":
            raise KeyError(word)
        case "fail":
            raise PipelineError("it does not like this export")
        case "hang":
            await asyncio.Event().wait()
        case "block":
            time.sleep(3600)  # noqa: ASYNC251 - that is the fault
        case "spin":
            await ports.compute(spin_for_ever)
        case "memory":
            hold(HUGE)
        case "memory in pieces":
            hold_in_pieces(HUGE)
        case "memory elsewhere":
            await ports.compute(hold, HUGE)
        case "memory in forks":
            hold_in_forks(HUGE // 64)
            await asyncio.Event().wait()
        case "disk":
            for number in range(64):
                (ports.workdir / str(number)).write_bytes(b"x" * 2_000_000)
            await asyncio.Event().wait()
        case "attack":
            found = await ports.compute(try_all, target := target_of(word, ports.workdir)), try_all(target)
            raise PipelineError(json.dumps(found))
        case "exit":
            os._exit(7)
    return len(word)


def spin_for_ever() -> None:
    while True:
        pass


def hold(size: int) -> bytearray:
    """Takes memory, and touches all of it."""
    held = bytearray(size)
    held[::4096] = b"x" * len(held[::4096])
    return held


def hold_in_pieces(size: int, piece: int = 16 * 1024**2) -> list[bytes]:
    """Takes memory until there is none left for anything else."""
    return [b"x" * piece for _ in range(size // piece)]


def hold_in_forks(size: int) -> None:
    """Takes memory, and keeps it, in processes that the worker was never told of."""
    for _ in range(8):
        if os.fork() == 0:
            held = hold(size)
            time.sleep(3600)
            del held


def words_of(word: str) -> str:
    return json.dumps([word, "Lisbon"])

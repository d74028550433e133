"""`python -m bench.confinement`: what confining costs a comparison and a run, beside what each takes anyway.

By turns in one process: a fork that is confined and one that is not, as the fork server makes them; then the smallest
comparison there is, from its start to its answer.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bench.harm_versions import export_of
from bench.harms import compared, task_of
from gateway.confinement.confine import Bounds, close_inherited, confine
from gateway.jobs.run.isolated.fork_server import warm_up
from gateway.shadow.sandbox.child import EXPORT, PRIMARY_RUN

PRIMARY = b'{"error":"none"}'


def main(forks: Annotated[int, typer.Option(help="Of each kind.")] = 200, comparisons: int = 10) -> None:
    """Print medians and their ratio."""
    warm_up()
    plain, confined = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(forks):
            plain.append(fork(close_inherited))
            confined.append(fork(lambda: confine_all(Path(folder))))
    costs = statistics.median(confined) - statistics.median(plain)
    print(f"a fork that ends at once: {statistics.median(plain):.1f} ms, confined {statistics.median(confined):.1f} ms")
    whole = statistics.median(asyncio.run(compare(comparisons)))
    print(f"the smallest comparison: {whole:.0f} ms; confining is {costs / whole:.3f} of it")


def confine_all(folder: Path) -> None:
    close_inherited()
    confine(Bounds.of(folder))


def fork(act: Callable[[], object]) -> float:
    """Milliseconds from the fork to its end."""
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(0)
    os.waitpid(pid, 0)
    return (time.perf_counter() - began) * 1000


async def compare(times: int) -> list[float]:
    """Milliseconds of each comparison."""
    took = []
    for number in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / EXPORT).write_bytes(export_of(number))
            (folder / PRIMARY_RUN).write_bytes(PRIMARY)
            began = time.perf_counter()
            await compared(task_of(number, "v2", folder, "v1"), PRIMARY)
            took.append((time.perf_counter() - began) * 1000)
    return took


if __name__ == "__main__":
    typer.run(main)

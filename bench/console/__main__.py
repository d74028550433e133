"""The console beside a million jobs and a hundred thousand comparisons: times of its pages, and 50 open tabs.

`python -m bench.console [--jobs 1000000] [--pairs 100000]`. Pages are asked for in turns with `/ready`, whose times say
how busy the machine is; the goal is a 95th percentile under 100 ms for each. Accepts take turns without and with tabs.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
from pathlib import Path

import psutil

from bench.console.accepts import in_turns
from bench.console.pages import READY, Times, measure
from bench.console.plant import Amounts, planted

TABS = 50


def show_pages(times: dict[str, Times]) -> None:
    """A line a page; ratios are to `/ready` of the same run; `cpu`: the server's, for an answer and what it read."""
    ready = times[READY].at(0.95)
    print(f"{'milliseconds':<58}{'first':>8}{'p50':>8}{'p95':>8}{'of /ready':>11}{'cpu':>8}{'lacking':>9}")
    for path, one in times.items():
        numbers = f"{one.first:>8.0f}{one.at(0.5):>8.1f}{one.at(0.95):>8.1f}{one.at(0.95) / ready:>11.1f}"
        print(f"{path:<58}{numbers}{one.cpu / len(one.later):>8.1f}{one.lacking:>5} of {len(one.later)}")


def p99(took: list[float]) -> float:
    return statistics.quantiles(took, n=100)[98]


def show_accepts(took: dict[int, list[list[float]]]) -> None:
    """Each block's p99 stands beside, so that one sees how far blocks of the same kind differ."""
    for tabs, blocks in took.items():
        every = [one for block in blocks for one in block]
        each = ", ".join(f"{p99(block):.1f}" for block in blocks)
        print(
            f"accepts with {tabs} tabs open: {len(every)} answers, p50 {statistics.median(every):.2f} ms, "
            f"p99 {p99(every):.1f} ms; of each block {each}"
        )


def show_load() -> None:
    print(f"load of the machine (1, 5, 15 min): {', '.join(f'{load:.1f}' for load in os.getloadavg())}", flush=True)


async def run(folder: Path, asked: argparse.Namespace) -> None:
    async with planted(folder, Amounts(asked.jobs, asked.pairs)) as stage:
        show_load()
        assert stage.api is not None
        show_pages(await measure(stage.url, psutil.Process(stage.api.pid), asked.rounds))
        show_load()
        if asked.blocks:
            show_accepts(await in_turns(stage.url, TABS, asked.blocks, asked.seconds))
            show_load()
        if asked.keep:
            print(f"{stage.url}/console over {stage.postgres.url}; Ctrl-C ends it", flush=True)
            await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--blocks", type=int, default=4, help="of accepts without and with tabs")
    parser.add_argument("--seconds", type=float, default=15, help="of a block")
    parser.add_argument("--keep", action="store_true", help="go on serving, to look at it")
    folder = Path(tempfile.mkdtemp(prefix="bench-console-"))
    try:
        asyncio.run(run(folder, parser.parse_args()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

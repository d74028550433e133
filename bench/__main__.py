"""`make bench`: what has a goal, in one table, in under 25 minutes; each measurement is a process of its own.

ARGS="accept reading" picks some, `all` adds those that take long; `--json` prints the figures for machines.
"""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from bench.figures import GATHER, Figure, gathered, table

# In this order: what users feel first. Each module says at its top what it measures and against what.
MEASUREMENTS = (
    "decision",
    "accept",
    "accept_scale",
    "telling",
    "upkeep",
    "width",
    "reading",
    "pipelines",
    "shadow",
    "busy",
    "refresh",
    "scrape",
    "restore",
    "jobs",
    "outage",
)
LONG = ("flips", "big_job", "big_publish", "harms", "quality", "bulkheads", "console")  # by name, or with `all`
ALL_SECONDS = 24 * 60  # of the measurements that have no name given: what does not fit is said
LONGEST_SECONDS = 240  # a measurement that takes longer is ended: something is wrong, or the machine is very busy
LONGER = MappingProxyType(
    {"upkeep": 360, "width": 360, "big_publish": 900, "bulkheads": 1200, "console": 900, "harms": 1500, "flips": 1260}
)  # those that have many cases
ARGUMENTS = MappingProxyType(  # shorter than by hand
    {"upkeep": ("--seconds", "15", "--waiting", "200000", "1000000"), "telling": ("--times", "12")}
)


class Done(NamedTuple):
    """One measurement that was run, and what it found."""

    name: str
    seconds: float
    outcome: str
    figures: list[Figure]


def main() -> int:
    """Measure; 0 when all ran and every goal is held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"all, or {', '.join([*MEASUREMENTS, *LONG])}")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if unknown := sorted({*asked.names} - {*MEASUREMENTS, *LONG, "all"}):
        parser.error(f"no such measurement: {', '.join(unknown)}")
    chosen = [*MEASUREMENTS, *LONG] if "all" in asked.names else asked.names or list(MEASUREMENTS)
    ends = time.monotonic() + (float("inf") if asked.names else ALL_SECONDS)
    done = [measure(name, ends - time.monotonic(), quiet=asked.json) for name in chosen]
    if asked.json:
        print(json.dumps([{**one._asdict(), "figures": [asdict(figure) for figure in one.figures]} for one in done]))
    else:
        show(done)
    held = all(figure.held is not False for one in done for figure in one.figures)
    return 0 if held and all(one.outcome == "ok" for one in done) else 1


def measure(name: str, left: float, *, quiet: bool) -> Done:
    """Run one measurement, with everything that it starts in one group of processes, in the seconds that are left."""
    longest = min(left, LONGER.get(name, LONGEST_SECONDS))
    if longest <= 0:
        return Done(name, 0, "no time left", [])
    if not quiet:
        print(f"\n== {name}", flush=True)
    with tempfile.NamedTemporaryFile() as lines:
        began = time.monotonic()
        command = [sys.executable, "-m", f"bench.{name}", *ARGUMENTS.get(name, ())]
        output = subprocess.DEVNULL if quiet else None
        process = subprocess.Popen(
            command, stdout=output, start_new_session=True, env={**os.environ, GATHER: lines.name}
        )
        outcome = wait(process, longest)
        return Done(name, time.monotonic() - began, outcome, gathered(Path(lines.name)))


def wait(process: subprocess.Popen[bytes], longest: float) -> str:
    """How it ended; by us, with all that it started, when it took too long or we are told to stop."""
    try:
        return "ok" if process.wait(longest) == 0 else "failed"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return f"ended after {longest:.0f} s"
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def show(done: list[Done]) -> None:
    """What was measured, every figure with its goal, and at which load: rates of a busy machine are lower bounds."""
    print(f"\n{'measurement':<14}{'seconds':>8}  {'outcome':<18} what")
    for one in done:
        about = (importlib.import_module(f"bench.{one.name}").__doc__ or "").partition("\n")[0]
        print(f"{one.name:<14}{one.seconds:>8.0f}  {one.outcome:<18} {about}")
    print(f"\n{table(figure for one in done for figure in one.figures)}")
    print(f"\nload of the machine (1, 5, 15 min): {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    raise SystemExit(main())

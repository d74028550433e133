"""`make bench`: every measurement, each in a process of its own; ARGS="accept reading" picks some of them."""

import importlib
import os
import signal
import subprocess
import sys
import time
from types import MappingProxyType
from typing import NamedTuple

# In this order: what users feel first. Each module says at its top what it measures and against what.
MEASUREMENTS = (
    "decision",
    "accept",
    "accept_scale",
    "busy",
    "refresh",
    "flips",
    "outage",
    "reading",
    "pipelines",
    "jobs",
    "big_job",
    "big_publish",
    "scrape",
    "restore",
    "shadow",
    "harms",
    "quality",
    "bulkheads",
    "console",
)


LONGEST_SECONDS = 240  # a measurement that takes longer is ended: something is wrong, or the machine is very busy
LONGER = MappingProxyType(
    {"big_publish": 900, "bulkheads": 1200, "console": 900, "harms": 1500, "flips": 1260}
)  # those that have many cases


class Done(NamedTuple):
    """One measurement that was run."""

    name: str
    seconds: float
    outcome: str


def main() -> int:
    chosen = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := sorted(set(chosen) - set(MEASUREMENTS)):
        sys.stderr.write(f"no such measurement: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}\n")
        return 2
    done = [measure(name) for name in chosen]
    show(done)
    return 0 if all(one.outcome == "ok" for one in done) else 1


def measure(name: str) -> Done:
    """Run one measurement, with everything that it starts in one group of processes."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", f"bench.{name}"], start_new_session=True)
    longest = LONGER.get(name, LONGEST_SECONDS)
    try:
        outcome = "ok" if process.wait(longest) == 0 else "failed"
    except subprocess.TimeoutExpired:
        outcome = f"ended after {longest} s"
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if outcome.startswith("ended"):
        os.killpg(process.pid, signal.SIGKILL)
    return Done(name, time.monotonic() - started, outcome)


def show(done: list[Done]) -> None:
    """What was measured, and at which load: rates of a busy machine are lower bounds."""
    print(f"\n{'measurement':<14}{'seconds':>8}  {'outcome':<8} what")
    for one in done:
        about = (importlib.import_module(f"bench.{one.name}").__doc__ or "").partition("\n")[0]
        print(f"{one.name:<14}{one.seconds:>8.0f}  {one.outcome:<8} {about}")
    print(f"load of the machine (1, 5, 15 min): {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    raise SystemExit(main())

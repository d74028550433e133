"""`make bench`: every measurement, each in a process of its own; ARGS="accept reading" picks some of them."""

import subprocess
import sys
import time

# In this order: what users feel first. Each module says at its top what it measures and against what.
MEASUREMENTS = (
    "decision",
    "accept",
    "refresh",
    "flips",
    "reading",
    "pipelines",
    "jobs",
    "big_job",
    "scrape",
    "restore",
    "quality",
)


def main() -> int:
    chosen = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := sorted(set(chosen) - set(MEASUREMENTS)):
        sys.stderr.write(f"no such measurement: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}\n")
        return 2
    failed = [name for name in chosen if not measure(name)]
    if failed:
        sys.stderr.write(f"did not end well: {', '.join(failed)}\n")
    return 1 if failed else 0


def measure(name: str) -> bool:
    """Run one measurement; whether it ended well."""
    sys.stdout.write(f"\n== {name}\n")
    sys.stdout.flush()
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False)
    sys.stdout.write(f"({time.monotonic() - started:.0f} s)\n")
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Accepted jobs per second with 1 and 2 API processes on one database: `python -m bench.accept_scale`.

Nothing is held to a core here: servers, Postgres and the load share what the machine has, and so both rates are lower
bounds. Rounds of both take turns.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench.accept import CONNECTIONS, Running
from bench.accept import running as start
from bench.load import Round, load

PROCESSES = (1, 2)


def measure(rounds: int, seconds: float, folder: Path) -> dict[int, list[Round]]:
    """Rounds for each number of processes; the first only warms up."""
    results: dict[int, list[Round]] = {count: [] for count in PROCESSES}
    with ExitStack() as stack:
        servers = [stack.enter_context(start("whole", folder, core=None)) for _ in range(max(PROCESSES))]
        for number in range(rounds + 1):
            for count in PROCESSES:
                whole = load_all(servers[:count], seconds)
                if number:
                    results[count].append(whole)
    return results


def load_all(servers: Sequence[Running], seconds: float) -> Round:
    """One round on all servers at once, the connections shared out among them."""
    with ThreadPoolExecutor(len(servers)) as pool:
        each = CONNECTIONS // len(servers)
        parts = list(pool.map(lambda server: load(server.port, each, seconds), servers))
    return Round(
        rate=sum(part.rate for part in parts),
        p99=max(part.p99 for part in parts),
        errors=sum(part.errors for part in parts),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-accept-") as folder:
        results = measure(asked.rounds, asked.seconds, Path(folder))
    for count, rounds in results.items():
        rate = statistics.median(one.rate for one in rounds)
        p99 = statistics.median(one.p99 for one in rounds)
        errors = sum(one.errors for one in rounds)
        print(f"{count} API process(es): {rate:6.0f} accepted jobs/s, p99 {p99:.1f} ms, {errors} errors")


if __name__ == "__main__":
    main()

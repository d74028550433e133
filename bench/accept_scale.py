"""Two API processes on one database against one, and requests that repeat others: `python -m bench.accept_scale`.

Nothing is held to a core here: servers, Postgres and the load share what the machine has, and so all rates are lower
bounds. Rounds take turns. Each load has users of its own, so only what is meant to repeat does.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench.accept import CONNECTIONS, Running, Sample
from bench.accept import running as start
from bench.figures import Figure, tell
from bench.load import Round, load

PROCESSES = (1, 2)
REPEATED_USERS = 500  # more than there are connections: what repeats is found in the database, not among what waits


def measure(rounds: int, seconds: float, folder: Path) -> tuple[dict[int, list[Round]], list[Sample], list[Sample]]:
    """Rounds for each number of processes, of new requests, and of repeated ones; the first of each only warms up."""
    results: dict[int, list[Round]] = {count: [] for count in PROCESSES}
    new: list[Sample] = []
    repeated: list[Sample] = []
    with ExitStack() as stack:
        servers = [stack.enter_context(start("whole", folder, core=None)) for _ in range(max(PROCESSES))]
        for _ in range(rounds + 1):
            for count in PROCESSES:
                results[count].append(load_all(servers[:count], seconds))
            new.append(servers[0].load(seconds))
            repeated.append(servers[0].load(seconds, REPEATED_USERS))
    return {count: each[1:] for count, each in results.items()}, new[1:], repeated[1:]


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


def cost(samples: Sequence[Sample]) -> float:
    """Microseconds of a request, the server's and Postgres'."""
    return statistics.median(one.cpu_us + one.postgres_us for one in samples)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-accept-") as folder:
        results, new, repeated = measure(asked.rounds, asked.seconds, Path(folder))
    rates = {count: statistics.median(one.rate for one in rounds) for count, rounds in results.items()}
    for count, rounds in results.items():
        p99 = statistics.median(one.p99 for one in rounds)
        errors = sum(one.errors for one in rounds)
        print(f"{count} API process(es): {rates[count]:6.0f} accepted jobs/s, p99 {p99:.1f} ms, {errors} errors")
    print(f"server and Postgres: {cost(new):.0f} us a new request, {cost(repeated):.0f} us one that repeats another")
    tell(
        [
            Figure("accept: two API processes on distinct users, of one", rates[2] / rates[1], 0.9, "at least"),
            Figure("accept: processor time of a repeated request, of a new one's", cost(repeated) / cost(new), 1.5),
        ]
    )


if __name__ == "__main__":
    main()

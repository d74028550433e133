"""Harms that were put in on purpose: how many are named, how often a clean pair is accused, and whether intervals hold.

`python -m bench.harms [--pairs 200] [--runs 300]`: pairs through real child processes, each version of
`bench.harm_versions` in turn and the newest against the oldest; then intervals over 200 users with Pareto activity,
looked at after every pair.
The goal: every harm named, no clean or reordered pair accused, at most 5 % of intervals ever miss.
"""

import argparse
import asyncio
import math
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.harm_versions import VERSIONS, export_of
from gateway.shadow.compare.expected import Expected, expected_of
from gateway.shadow.compare.harm import harms_of
from gateway.shadow.compare.model import Comparison
from gateway.shadow.model import Claimed, OtherRun, Plan
from gateway.shadow.sandbox.child import EXPORT, PRIMARY_RUN
from gateway.shadow.sandbox.parent import run_process
from gateway.shadow.sandbox.protocol import Limits, PrimaryRun, Task
from gateway.shadow.sandbox.stopped import Stopped
from gateway.shadow.unanswered import pair_without_answer
from gateway.statistics.confidence import (
    ALPHA,
    Rate,
    bounded_difference,
    log_martingale,
    median_interval,
    rate_interval,
)
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.inert_ports import (
    DiscardingSink,
    LocalExport,
    NoStoredChunks,
    UnstoredSteps,
    compute_here,
    ignore_progress,
)  # fmt: skip
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.registry import find_pipelines

AGAINST_OLDEST = "newest against oldest"
EXPECTED_HARMS = {
    "facts_lost": {"lost"}, "identity_dropped": {"lost"}, "other_user": {"wrong_person"},
    "wrong_location": {"lost", "wrong_person"},  # the second where the user told none
    "capitals": {"garbled"}, "three_seconds_slower": {"slower"}, "crash": {"failed"}, "hang": {"failed"},
    "memory": {"failed"},
}  # fmt: skip
AT_ONCE = 2
SECONDS = {"hang": 10.0}  # others have a minute
PRIMARY_SECONDS = 0.5  # of the known run: what a small job takes
USERS, PAIRS, HARMED, NOISE = 200, 600, 0.1, 0.04
INTERVALS = ("users", "excess", "margin", "median")  # of a rate, above equal runs, of a ramp's step, of times
ACCEPTED = datetime(2026, 5, 1, tzinfo=UTC)


async def primary_result(version: str, export: Path, folder: Path) -> Soulprint:
    """What the known version gives, in this process."""
    ports = Ports(
        exports=LocalExport(export), stored_chunks=NoStoredChunks(), language=EmbeddedLanguage(compute_here),
        sink=DiscardingSink(), steps=UnstoredSteps(), progress=ignore_progress, compute=compute_here, workdir=folder,
    )  # fmt: skip
    request = ImportRequest("job", "user", "path", False, None, None, ACCEPTED)  # noqa: FBT003
    return await find_pipelines().usable[version](request, ports)


async def one_pair(number: int, kind: str, places: asyncio.Semaphore) -> tuple[str, Comparison | None]:
    """The comparison of one user's known result with that of the version `kind`."""
    known = "v1" if kind == AGAINST_OLDEST else "v2"
    async with places:
        with tempfile.TemporaryDirectory(prefix="bench-harms-") as name:
            folder = Path(name)
            (folder / EXPORT).write_bytes(export_of(number))
            result = await primary_result(known, folder / EXPORT, folder)
            primary = msgspec.json.encode(PrimaryRun(result, seconds=PRIMARY_SECONDS))
            (folder / PRIMARY_RUN).write_bytes(primary)
            return kind, await compared(task_of(number, kind, folder, known), primary)


def task_of(number: int, kind: str, folder: Path, known: str) -> Task:
    damaged = kind in VERSIONS
    return Task(
        pipeline="v3" if damaged else "v2",
        function=f"bench.harm_versions:{kind}" if damaged else "pipelines.v2.run:run",
        job_id=str(number), user_id=str(number), storage_path="path", inline=False, conversation_count=None,
        message_count=None, accepted_at=ACCEPTED, folder=str(folder), primary_pipeline=known, primary_is_one=True,
        keys_before=(), limits=Limits(256 << 20, SECONDS.get(kind, 60.0), 1 << 30),
        expected=Expected() if damaged else expected_of(find_pipelines().capabilities("v2")),
    )  # fmt: skip


async def compared(task: Task, primary: bytes) -> Comparison | None:
    """Through a real process; one that is ended is a pair too."""

    async def nothing_to_check() -> None:
        return

    async def no_engine(call: object) -> object:
        raise AssertionError(call)

    try:
        return (await run_process(task, no_engine, nothing_to_check)).comparison  # type: ignore[arg-type]
    except Stopped as stopped:
        plan = Plan(
            job_id=task.job_id, user_id=task.user_id, mode="shadow", primary_pipeline=task.primary_pipeline,
            status="running", fence=1, attempts=1, age_seconds=0.0, storage_path="path", inline=False,
            conversation_count=None, message_count=None, accepted_at=ACCEPTED, replaced=False,
        )  # fmt: skip
        pair = pair_without_answer(
            Claimed(plan, OtherRun(task.pipeline, primary_is_one=True), primary, ()),
            stopped.outcome,
            stopped.reason,
            1.0,
        )
        return None if pair is None else pair.comparison


async def try_pairs(pairs: int) -> bool:
    kinds = (*VERSIONS, AGAINST_OLDEST)
    places = asyncio.Semaphore(AT_ONCE)
    ended = await asyncio.gather(*(one_pair(n, kinds[n % len(kinds)], places) for n in range(pairs)))
    return show_pairs(
        [(kind, harms_of(None if comparison is None else comparison.effects)) for kind, comparison in ended]
    )


def show_pairs(ended: list[tuple[str, list[str]]]) -> bool:
    """A line for each kind; whether all were right."""
    right = 0
    for kind in dict.fromkeys(kind for kind, _ in ended):
        found = [harms for of, harms in ended if of == kind]
        wanted = EXPECTED_HARMS.get(kind)
        good = sum(not wanted.isdisjoint(harms) if wanted else not harms for harms in found)
        right += good
        names = Counter(harm for harms in found for harm in harms)
        print(f"{kind:<22} {' or '.join(sorted(wanted or {'no harm'})):<21} {good:>3} of {len(found):<3} {dict(names)}")
    harmful = [(EXPECTED_HARMS[kind], harms) for kind, harms in ended if kind in EXPECTED_HARMS]
    clean = [harms for kind, harms in ended if kind not in EXPECTED_HARMS]
    named = sum(not wanted.isdisjoint(harms) for wanted, harms in harmful)
    print(
        f"sensitivity: {named} of {len(harmful)} named; false harm: {sum(map(bool, clean))} of {len(clean)} clean pairs"
    )
    return right == len(ended)


def missed_in_one_run(seed: int) -> dict[str, bool]:
    """Which intervals ever missed the truth, looked at after every pair of either sample."""
    draw = random.Random(seed)
    users = [draw.random() < HARMED for _ in range(USERS)]
    selves = [draw.random() < NOISE for _ in range(USERS)]
    times = [draw.lognormvariate(0, 0.5) for _ in range(USERS)]
    weights = [draw.paretovariate(1.2) for _ in range(USERS)]
    missed = dict.fromkeys((*INTERVALS, "pairs"), False)
    first: dict[int, bool] = {}
    equal: dict[int, bool] = {}
    hits = 0
    limit = -math.log(ALPHA)
    for n, user in enumerate(draw.choices(range(USERS), weights, k=PAIRS), 1):
        hits += users[user]
        first.setdefault(user, users[user])
        own = draw.randrange(USERS)
        equal.setdefault(own, selves[own])
        rate, noise = Rate(sum(first.values()), len(first)), Rate(sum(equal.values()), len(equal))
        missed["users"] |= HARMED not in rate_interval(rate)
        missed["pairs"] |= HARMED not in rate_interval(Rate(hits, n))
        missed["excess"] |= log_martingale(rate, HARMED) + log_martingale(noise, NOISE) >= limit
        missed["margin"] |= HARMED - NOISE not in bounded_difference(rate, noise)
        missed["median"] |= 1.0 not in median_interval([times[seen] for seen in first])
    return missed


def try_intervals(runs: int) -> bool:
    """How often each kind of interval ever missed."""
    missed = Counter(name for seed in range(runs) for name, did in missed_in_one_run(seed).items() if did)
    for name in INTERVALS:
        print(f"intervals over users, {name}: {missed[name] / runs:.1%} of {runs} runs ever missed")
    print(f"for comparison, over pairs as if each were a user: {missed['pairs'] / runs:.1%}")
    return all(missed[name] <= 0.05 * runs + 3 * (0.05 * 0.95 * runs) ** 0.5 for name in INTERVALS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--runs", type=int, default=300)
    options = parser.parse_args()
    good = [asyncio.run(try_pairs(options.pairs)) if options.pairs else True]
    good.append(try_intervals(options.runs) if options.runs else True)
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m bench.guard`: what the guard's judgement does to simulated rollouts; only users and failures are invented.

Each run is one rollout: 40,000 requests, the dial at 1, 5, 25 and 50 %. Whoever fails goes, in order, through the code
that judges in production (`gateway.rollout.guard.judge`), as if it looked after each: however often a guard looks, it
sees no more. `--runs`, `--rows` narrow it. Ends with 1 when identical versions were turned off more often than alpha
and chance allow.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.chance import most_by_chance
from gateway.rollout.guard.judge import ALPHA, Seen, judge, level
from gateway.statistics.arms import RATIOS, Arm, ArmEvidence, add_arm

DIALS = (0.01, 0.05, 0.25, 0.5)
REQUESTS = 40_000
ALPHAS = (0.05, ALPHA)  # what the comparison with other rules was made at, and what is in force
USERS = 2000  # of the rows with heavy users
UP_AND_DOWN = (0.01, 0.25, 0.05, 0.5, 0.1, 0.5, 0.02, 0.25)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of rollout. `base`: share that fails without the candidate, from the first request to the last."""

    name: str
    base: tuple[float, float] = (0.002, 0.012)
    times: float = 1.0  # how many times as often the candidate fails, or is slow
    dials: tuple[float, ...] = DIALS
    requests: int = REQUESTS
    burst: tuple[int, float] | None = None  # so many requests after the second step of which such a share fails on both
    heavy: float = 0.0  # share of users of whom `heavy_fails` of all requests fail, on both
    heavy_fails: float = 1.0
    unlucky: int = 0  # failures of one user, whom the dial puts on either side
    slower: float | None = None  # the candidate takes so many times as long: then what is seen is time


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: at which candidate user it would have been turned off, for each alpha; None: never."""

    turned_off: tuple[int | None, ...]


def simulate(row: Row, draw: np.random.Generator) -> Outcome:
    """One rollout."""
    share = np.repeat(row.dials, row.requests // len(row.dials))
    users = draw.integers(0, USERS, share.size) if row.heavy else np.arange(share.size)
    place = draw.random(USERS if row.heavy else share.size)
    on = place[users] < share
    failed = draw.random(share.size) < chances(row, share, on, users)
    first = first_of_each(users, failed) if row.heavy else np.flatnonzero(failed)
    arms = [Arm(float(share[n]), bool(on[n])) for n in first]
    if row.unlucky:  # of a hundred failures one counts
        arms.insert(0, Arm(row.dials[0], on_candidate=bool(draw.random() < row.dials[0])))
    return judged(row, arms, first, on, share)


def chances(row: Row, share: Floats, on: NDArray[np.bool_], users: NDArray[np.int64]) -> Floats:
    """Of each request, that it fails, or is slow."""
    if row.slower is not None:
        late = 0.5 * math.erfc((1.6449 - math.log(row.slower) / 0.6) / math.sqrt(2))  # lognormal; 5 % are slow as it is
        return np.where(on, late, 0.05)
    base = np.linspace(*row.base, share.size)
    found: Floats = np.minimum(1.0, np.where(on, base * row.times, base))
    if row.burst is not None:
        begin, (length, rate) = share.size // 2, row.burst
        found[begin : begin + length] = rate
    if row.heavy:
        found = np.where(users < row.heavy * USERS, row.heavy_fails, 0.0)
    return found


def first_of_each(users: NDArray[np.int64], failed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first failure of each user, in order."""
    at = np.flatnonzero(failed)
    _, first = np.unique(users[at], return_index=True)
    return np.sort(at[first])


def judged(row: Row, arms: list[Arm], first: NDArray[np.int64], on: NDArray[np.bool_], share: Floats) -> Outcome:
    """What the product says after each of them: the peak of its evidence against the level of each alpha."""
    question = "failures" if row.slower is None else "time"
    limits = [math.log(level(question, alpha)) for alpha in ALPHAS]  # type: ignore[arg-type]
    evidence, crossed = ArmEvidence(), list[int | None]([None] * len(ALPHAS))
    for n, arm in enumerate(arms):
        evidence = add_arm(evidence, arm)
        for k, limit in enumerate(limits):
            if crossed[k] is None and evidence.peak >= limit:
                crossed[k] = int(on[: first[min(n, len(first) - 1)] + 1].sum())
        if None not in crossed:
            break
    split = {float(dial): (int((on & (share == dial)).sum()), int((~on & (share == dial)).sum())) for dial in row.dials}
    seen = Seen("v2", failures=evidence, split=split) if row.slower is None else Seen("v2", slow=evidence, split=split)
    for alpha, at in zip(ALPHAS, crossed, strict=True):
        told = judge(replace(seen, split={} if row.heavy else split), alpha)
        if any(one.check == "sample" and one.phase == "breach" for one in told.verdict.findings):
            return Outcome((None,) * len(ALPHAS))  # one run in a thousand at most: it pages instead
        if (told.rollback is not None) != (at is not None):
            raise AssertionError(told)
    return Outcome(tuple(crossed))


def rows() -> Iterator[Row]:
    """The scenarios that every version of the guard is tried on."""
    yield Row("identical, .2 -> 1.2 %")
    for percent in (2, 3, 4, 5, 6, 8):
        yield Row(f"identical, {percent} %", (percent / 100, percent / 100))
    yield Row("identical, 3 %, the dial goes up and down", (0.03, 0.03), dials=UP_AND_DOWN)
    yield Row("identical, both fail 30 % for 300 requests", burst=(300, 0.3))
    yield Row("identical, both fail 100 % for 60 requests", burst=(60, 1.0))
    for name, dials in (("5 %", (0.05,)), ("25 %", (0.25,)), ("the ramp", DIALS)):
        yield Row(f"identical, 1 % heavy users always fail, {name}", heavy=0.01, dials=dials)
    yield Row("identical, 1 % heavy users fail 30 % of the time", heavy=0.01, heavy_fails=0.3)
    yield Row("identical, one user fails 100 times", unlucky=100)
    for name, base in ((".2 -> 1.2 %", (0.002, 0.012)), (".5 %", (0.005, 0.005)), ("2 %", (0.02, 0.02))):
        for times in (1.25, 1.5, 2.0, 3.0, 4.0, 10.0):
            yield Row(f"v2 fails {times:g}x, base {name}", base, times)
    yield Row("v2 fails 2x, base .5 %, 56,000 requests", (0.005, 0.005), 2.0, requests=56_000)
    for jobs in (20, 100):
        for percent in (10, 30, 100):
            broken = Row(f"{jobs} v2 jobs, {percent} % fail", (1e-5, 1e-5), percent * 1000.0, (0.05,), jobs * 20)
            yield broken
    for slower in (1.0, 1.25, 1.3, 1.5, 2.0):
        yield Row(f"v2 takes {slower:g}x as long" if slower > 1 else "identical in time", slower=slower)


def rate(row: Row, runs: int, seed: int = 1) -> list[tuple[float, float | None]]:
    """For each alpha: the share of runs that were turned off, and the median of users on the candidate until then."""
    draw = np.random.default_rng(seed)
    outcomes = [simulate(row, draw).turned_off for _ in range(runs)]
    found = []
    for k in range(len(ALPHAS)):
        caught = [one[k] for one in outcomes if one[k] is not None]
        found.append((len(caught) / runs, float(np.median(np.array(caught, float))) if caught else None))
    return found


def caught_by(row: Row, ratios: Floats, weights: Floats, runs: int, seed: int = 1) -> float:
    """The share of runs in which likelihood ratios of these ratios, so weighted, reach `ALPHA`, had they all of it.

    With the true ratio alone that is Wald's test (1945), which a mixture over ratios only comes near.
    """
    draw, caught = np.random.default_rng(seed), 0
    for _ in range(runs):
        share = np.repeat(row.dials, row.requests // len(row.dials))
        on = draw.random(share.size) < share
        at = np.flatnonzero(draw.random(share.size) < chances(row, share, on, np.arange(share.size)))
        steps = np.where(on[at, None], np.log(ratios), 0.0) - np.log1p(share[at, None] * (ratios - 1))
        peak = np.logaddexp.reduce(np.cumsum(steps, axis=0) + np.log(weights), axis=1).max(initial=0.0)
        caught += bool(peak >= -math.log(ALPHA))
    return caught / runs


def print_bounds(runs: int) -> None:
    """What other tests would see of the doubling that is seen least, had they all of alpha."""
    doubled = Row("", (0.005, 0.005), 2.0)
    same = np.array(RATIOS)
    for name, ratios, weights in (
        ("the ratio known beforehand", np.array((2.0,)), np.ones(1)),
        ("the same ratios, alike", same, np.full(len(same), 1 / len(same))),
        ("the same ratios, those about 2 weighing most", same, np.array((0.1, 0.2, 0.35, 0.2, 0.1, 0.05))),
    ):
        print(f"2x at .5 %, all of alpha {ALPHA}; {name:44} | {caught_by(doubled, ratios, weights, runs):.3f}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rows", default="", help="only rows whose name holds this")
    asked = parser.parse_args()
    print(f"{asked.runs} rollouts a row; turned off, and users on v2 until then (median), at alpha {ALPHAS}")
    too_often = []
    for row in rows():
        if asked.rows in row.name:
            found = rate(row, asked.runs)
            cells = [f"{share:.3f} {'' if users is None else f'{users:,.0f}':>7}" for share, users in found]
            print(f"{row.name:52} | {' | '.join(cells)}", flush=True)
            most = [most_by_chance(alpha, asked.runs) / asked.runs for alpha in ALPHAS]
            if "identical" in row.name and any(share > limit for (share, _), limit in zip(found, most, strict=True)):
                too_often.append(row.name)
    if not asked.rows:
        print_bounds(asked.runs)
    print(f"identical versions turned off too often: {', '.join(too_often) or 'in no row'}")
    return bool(too_often)


if __name__ == "__main__":
    sys.exit(main())

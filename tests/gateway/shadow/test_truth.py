"""Differences put into a second pipeline on purpose are found, classed rightly, and sized within their intervals."""

import random
from collections.abc import Callable

import msgspec
import pytest

from gateway.shadow.compare.model import Class, Comparison, Failure, Outcome
from gateway.shadow.compare.pair import compare
from gateway.statistics.confidence import Rate, differ, difference_interval, median_interval, rate_interval
from pipelines.contract import Fact
from tests.gateway.shadow.add_up import Rates, add_up
from tests.gateway.shadow.material import HOBBIES, fact, outcome, soulprint, with_section

PAIRS = 600
NOISE_PAIRS = 200

Change = Callable[[Outcome, random.Random], Outcome]


def unchanged(run: Outcome, draw: random.Random) -> Outcome:
    return run


def drop_facts(run: Outcome, draw: random.Random) -> Outcome:
    """Each fact is lost in 5 of 100 cases."""
    assert run.result is not None
    kept = tuple(one for one in run.result.facts if draw.random() >= 0.05)
    return msgspec.structs.replace(run, result=msgspec.structs.replace(run.result, facts=kept))


def change_a_field(run: Outcome, draw: random.Random) -> Outcome:
    """The place is wrong in 3 of 100 pairs."""
    return (
        msgspec.structs.replace(run, result=with_section("user", "location", "Porto")) if draw.random() < 0.03 else run
    )


def reorder(run: Outcome, draw: random.Random) -> Outcome:
    """Facts and lists come in another order."""
    assert run.result is not None
    facts: tuple[Fact, ...] = tuple(draw.sample(run.result.facts, len(run.result.facts)))
    other = with_section("user", "interests", draw.sample(HOBBIES[:6], 6))
    return msgspec.structs.replace(run, result=msgspec.structs.replace(other, facts=facts))


def slow_down(run: Outcome, draw: random.Random) -> Outcome:
    """A fifth slower."""
    return msgspec.structs.replace(run, seconds=run.seconds * 1.2)


def fail(run: Outcome, draw: random.Random) -> Outcome:
    """2 of 100 runs fail."""
    return Outcome("v2", None, Failure("PipelineError", "no")) if draw.random() < 0.02 else run


def sampled(change: Change, pairs: int, seed: int) -> list[tuple[Comparison, float]]:
    """Comparisons of a run with its changed copy, and how many times as long the copy took. Timing always jitters."""
    draw = random.Random(seed)
    seen = []
    for _ in range(pairs):
        one = outcome(seconds=10 * draw.lognormvariate(0, 0.05))
        other = change(outcome(seconds=10 * draw.lognormvariate(0, 0.05)), draw)
        seen.append((compare(one, other), other.seconds / one.seconds))
    return seen


def rates_of(change: Change, pairs: int = PAIRS, seed: int = 1) -> Rates:
    return add_up(comparison for comparison, _ in sampled(change, pairs, seed))


@pytest.mark.parametrize(
    ("change", "class_", "field", "truth"),
    [
        (drop_facts, "worse_covered", "facts", 1 - 0.95 ** len(soulprint().facts)),
        (change_a_field, "contradicts", "sections.user.location", 0.03),
        (fail, "failed", None, 0.02),
    ],
)
def test_a_seeded_difference_is_found_classed_and_sized(
    change: Change, class_: Class, field: str | None, truth: float
) -> None:
    rates, noise = rates_of(change), rates_of(unchanged, NOISE_PAIRS, seed=2)
    assert rates.mismatch == rates.classes[class_]
    assert truth in rate_interval(rates.mismatch)
    assert truth in difference_interval(rates.mismatch, noise.mismatch)
    others = [rate.hits for name, rate in rates.fields.items() if name not in (field, "seconds")]
    assert set(others) <= {0}
    if field is not None:
        assert truth in rate_interval(rates.fields[field])


def test_one_in_three_pairs_that_differ_is_known_to_differ_beyond_noise() -> None:
    rates, noise = rates_of(drop_facts), rates_of(unchanged, NOISE_PAIRS, seed=2)
    assert differ(rates.mismatch, noise.mismatch)


@pytest.mark.parametrize("change", [unchanged, reorder, slow_down])
def test_what_is_no_difference_in_the_answer_is_none(change: Change) -> None:
    assert rates_of(change, 100).mismatch == Rate(0, 100)


def test_a_fifth_slower_is_seen_and_sized_in_the_median() -> None:
    slower = median_interval([ratio for _, ratio in sampled(slow_down, PAIRS, 1)])
    noise = median_interval([ratio for _, ratio in sampled(unchanged, NOISE_PAIRS, 2)])
    assert 1.2 in slower
    assert 1.0 in noise
    assert slower.low > noise.high


def test_kinds_of_difference_are_counted_without_anybodys_words() -> None:
    lost, moved = outcome(soulprint(facts=soulprint().facts[:-1])), outcome(with_section("user", "location", "Porto"))
    broken = Outcome("v2", None, Failure("PipelineError", "no"))
    rates = add_up(compare(outcome(), other) for other in (lost, moved, lost, broken, outcome()))
    assert rates.kinds == (
        ("facts: only one has interest", 2),
        ("failed", 1),
        ("sections.user.location: contradicts", 1),
    )


def test_rates_add_up_whatever_the_order() -> None:
    comparisons = [compare(outcome(), outcome(soulprint(facts=(fact("chess"),)))), compare(outcome(), outcome())]
    assert add_up(comparisons) == add_up(reversed(comparisons))
    assert add_up([]).mismatch == Rate(0, 0)

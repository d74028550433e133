"""The first question over simulated rollouts: two versions that are alike, and one that fails three jobs in ten."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.rollout.guard.judge import Seen, judge
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.sides import Added, TwoSides
from gateway.statistics.arms import Arm, ArmEvidence, add_arm
from gateway.statistics.confidence import bounded_difference
from gateway.web.console.questions.failures import GuardSays, add_up, ask_failures, headline, verdict
from gateway.web.console.questions.model import Side, Versus
from tests.amount import amount

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=10)
SIDES = TwoSides("v2", "v1", BEGAN, NOW)
VERSUS = Versus(Side("v2", 1), Side("v1", 0), 25.0, BEGAN, NOW, BEGAN)
PRICE = StepPrice("v2", 25.0, 3560.0, 40.0, "after about 3,600 users")
RUNS = 200
LOOKS, USERS_A_LOOK = amount(8, 40), amount(150, 60)  # somebody looks that often, and may believe any of it


def looks_at(seed: int, rates: dict[str, float]) -> Iterator[tuple[list[Added], GuardSays]]:
    """Both sides at each look, with the guard's own judgement of the same users."""
    draw, evidence = random.Random(seed), ArmEvidence()
    users, failed = {"v1": 0, "v2": 0}, {"v1": 0, "v2": 0}
    for _ in range(LOOKS):
        for _ in range(USERS_A_LOOK):
            name = "v2" if draw.random() < 0.25 else "v1"
            users[name] += 1
            if draw.random() < rates[name]:
                failed[name] += 1
                evidence = add_arm(evidence, Arm(0.25, name == "v2"))
        seen = Seen("v2", failures=evidence, split={0.25: (users["v2"], users["v1"])})
        finding = next(one for one in judge(seen).verdict.findings if one.check == "failures")
        guard = GuardSays(finding.phase, finding.message, sum(users.values()))
        yield [Added(name, 1, users[name], failed[name]) for name in users], guard


def says_more(added: list[Added], guard: GuardSays) -> bool:
    """As the tile's own words have it, without its drawings."""
    (reached,) = add_up(added, SIDES)
    state, _ = verdict(VERSUS, guard, PRICE, reached)
    said = headline(guard, bounded_difference(reached.mine, reached.other), state)
    return state == "harm" or said in {"Yes, beyond chance", "It seems so"}


@pytest.mark.parametrize("rate", [0.02, 0.3])
def test_of_versions_that_are_alike_it_is_said_in_at_most_one_rollout_of_twenty(rate: float) -> None:
    wrong = sum(any(says_more(*one) for one in looks_at(seed, {"v1": rate, "v2": rate})) for seed in range(RUNS))
    assert wrong <= RUNS * 0.05


def test_a_version_that_fails_three_in_ten_is_named_and_never_the_one_beside_it() -> None:
    for seed in range(10):
        *_, (added, guard) = looks_at(seed, {"v1": 0.02, "v2": 0.3})
        last = ask_failures(VERSUS, added, SIDES, guard, PRICE)
        assert (last.answer, last.state, last.title) == ("Yes, beyond chance", "harm", "Does v2 fail more?")
        assert not any(says_more(*one) for one in looks_at(seed, {"v1": 0.3, "v2": 0.02}))

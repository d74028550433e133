"""The four questions, each held against versions of which the answer is known."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flags.model import FlagState, Rollout, VersionRollout, Versions
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.sides import POINTS, Added, Took, TwoSides
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.history import Entry
from gateway.shadow.report.course import Compared
from gateway.web.console.questions import facts, failures, slower, split
from gateway.web.console.questions.failures import GuardSays, ask_failures, guard_says
from gateway.web.console.questions.model import (
    Answer,
    Side,
    Versus,
    about,
    hours_text,
    points_text,
    share_words,
    unknown,
)
from gateway.web.console.questions.versus import About, chosen, dials_of, of_now, order_of, versus_of
from gateway.web.console.unread import Unread

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=10)
SIDES = TwoSides("v2", "v1", BEGAN, NOW)
PRICE = StepPrice("v2", 25, 3560.0, 40.0, "after about 3,600 users")
QUIET = GuardSays("ok", "", 1000)


def versus(dial: float = 25) -> Versus:
    return Versus(Side("v2", 1), Side("v1", 0), dial, BEGAN, NOW, BEGAN)


def sides(mine: tuple[int, int], other: tuple[int, int]) -> list[Added]:
    """Users and failures of either side, half of them in the first span."""
    return [
        Added(name, span, users // 2, failed // 2)
        for span in (10, 40)
        for name, (users, failed) in (("v1", other), ("v2", mine))
    ]


def failing(mine: tuple[int, int], other: tuple[int, int], guard: GuardSays = QUIET, dial: float = 25) -> Answer:
    return ask_failures(versus(dial), sides(mine, other), SIDES, guard, PRICE)


def test_what_is_missing_is_said_in_users_and_hours() -> None:
    answer = failing((400, 4), (2900, 34))
    assert (answer.answer, answer.state, answer.sizes) == ("Not seen so far", "open", ("400", "2,900"))
    # 2,560 of 3,560 users have still to come, a quarter of them to v2; 3,560 take 40 hours
    assert answer.need == "Open: about 640 more users on v2, 29 h"
    assert answer.says.startswith("4 of 400 users' jobs failed, against 34 of 2,900: between -")


@pytest.mark.parametrize(
    ("mine", "other", "guard", "answer", "state"),
    [
        ((400, 240), (2900, 34), GuardSays("breach", "341 to 1"), "Yes, beyond chance", "harm"),
        ((400, 240), (2900, 34), QUIET, "It seems so", "open"),  # the guard has not said so yet
        (
            (2900, 34),
            (400, 240),
            QUIET,
            "Not seen so far",
            "open",
        ),  # the one beside it fails: the sides are not swapped
        ((900, 10), (2900, 34), GuardSays("ok", "", 3600), "No, not twice as often", "answered"),
        ((0, 0), (2900, 34), QUIET, "Not known yet", "unknown"),
        ((0, 0), (0, 0), QUIET, "Not known yet", "unknown"),
    ],
)
def test_a_version_that_fails_more_is_told_from_one_that_does_not(
    mine: tuple[int, int], other: tuple[int, int], guard: GuardSays, answer: str, state: str
) -> None:
    found = failing(mine, other, guard)
    assert (found.answer, found.state) == (answer, state)


def test_at_0_and_100_percent_nothing_more_can_be_known() -> None:
    assert failing((400, 4), (2900, 34), dial=0).need == "Cannot be known at 0\N{THIN SPACE}%"
    assert failing((400, 4), (2900, 34), dial=100).need.endswith("nobody is beside it")
    never = ask_failures(versus(), sides((400, 4), (2900, 34)), SIDES, QUIET, StepPrice("v2", 1, 9e6, 9e4, ""))
    assert "will not be known at" in never.need
    nobody_tells = ask_failures(
        versus(), sides((400, 4), (2900, 34)), SIDES, QUIET, StepPrice("v2", 1, None, None, "why")
    )
    assert nobody_tells.need == "Open: why"


@given(
    st.lists(
        st.tuples(st.sampled_from(["v1", "v2"]), st.integers(1, POINTS), st.integers(1, 50), st.floats(0, 1)),
        max_size=20,
    ),
    st.sampled_from(["ok", "breach", "inconclusive", None]),
    st.sampled_from([0.0, 1.0, 25.0, 100.0]),
)
@settings(max_examples=25, deadline=None)
def test_every_question_of_failures_has_an_answer(
    spans: list[tuple[str, int, int, float]], phase: str | None, dial: float
) -> None:
    added = sorted(
        (Added(name, span, users, round(users * share)) for name, span, users, share in spans), key=lambda one: one.span
    )
    reached = failures.add_up(added, SIDES)
    assert [one.at for one in reached] == sorted({SIDES.end_of(one.span) for one in added})
    if reached:
        assert reached[-1].mine.pairs == sum(one.users for one in added if one.pipeline == "v2")
        assert reached[-1].other.hits == sum(one.hits for one in added if one.pipeline == "v1")
    answer = ask_failures(versus(dial), added, SIDES, GuardSays(phase), PRICE)
    assert answer.need
    assert (answer.state == "harm") == (phase == "breach" and answer.interval is not None)


def took(mine: float, other: float, users: int = 400) -> list[Took]:
    """Log-normal times around two medians."""
    draw = random.Random(7)
    return [
        Took(name, BEGAN + timedelta(minutes=index), middle * draw.lognormvariate(0, 0.3))
        for name, middle in (("v2", mine), ("v1", other))
        for index in range(users)
    ]


@pytest.mark.parametrize(
    ("mine", "other", "users", "answer", "state"),
    [
        (100.0, 40.0, 400, "By", "harm"),
        (40.0, 40.0, 590, "Not seen so far", "answered"),
        (30.0, 40.0, 400, "No, faster", "answered"),
        (44.0, 40.0, 100, "Not seen so far", "open"),
        (40.0, 40.0, 3, "Not known yet", "unknown"),
    ],
)
def test_a_version_that_takes_longer_is_told_from_one_that_does_not(
    mine: float, other: float, users: int, answer: str, state: str
) -> None:
    found = slower.ask_slower(versus(), took(mine, other, users), SIDES, QUIET)
    assert found.answer.startswith(answer)
    assert found.state == state
    assert (found.course is None) == (state == "unknown")


def test_the_guard_s_word_on_times_counts() -> None:
    assert slower.ask_slower(versus(), took(40, 40), SIDES, GuardSays("breach", "")).state == "harm"


def compared(lost: int, users: int, noisy: int, equal: int) -> list[Compared]:
    return [
        Compared(mode, span, count // 2, hits // 2)
        for span in (5, 45)
        for mode, count, hits in (("noise", equal, noisy), ("shadow", users, lost))
    ]


@pytest.mark.parametrize(
    ("counts", "answer", "state"),
    [
        (compared(300, 640, 2, 64), "Yes: +", "harm"),
        (compared(8, 4000, 10, 4000), "No more than chance", "answered"),
        (compared(20, 640, 2, 64), "Not seen so far", "open"),
        (compared(2, 64, 30, 640), "Not seen so far", "open"),
        (compared(10, 40, 0, 0), "Not seen so far", "open"),
        ([], "Not known yet", "unknown"),
    ],
)
def test_a_version_that_loses_facts_is_held_against_equal_runs(counts: list[Compared], answer: str, state: str) -> None:
    found = facts.ask_facts(versus(), counts)
    assert found.answer.startswith(answer)
    assert found.state == state


@pytest.mark.parametrize(
    ("on", "of", "guard", "dial", "answer", "state"),
    [
        (250, 1000, QUIET, 25, "Yes", "answered"),
        (400, 1000, QUIET, 25, "Not known yet", "open"),
        (400, 1000, GuardSays("breach", ""), 25, "No", "harm"),
        (4, 20, QUIET, 25, "Not known yet", "unknown"),
        (250, 1000, QUIET, 0, "Not known yet", "unknown"),
    ],
)
def test_the_split_is_held_against_the_dial(  # noqa: PLR0917 - one a fact
    on: int, of: int, guard: GuardSays, dial: float, answer: str, state: str
) -> None:
    found = split.ask_split(versus(dial), [Added("v2", 10, of // 2, on // 2), Added("v2", 40, of // 2, on // 2)], guard)
    assert (found.answer, found.state) == (answer, state)


def test_numbers_are_said_with_as_many_digits_as_are_known() -> None:
    assert [about(value) for value in (0.2, 47.6, 478, 3149)] == ["1", "48", "480", "3,100"]
    assert [hours_text(value) for value in (0.5, 9.84, 30, 96)] == ["30 min", "9.8 h", "30 h", "4 days"]
    assert [points_text(value) for value in (0.004, -0.0001, -0.021)] == ["+0.4 points", "0.0 points", "-2.1 points"]
    assert [share_words(value).replace("\N{THIN SPACE}", "") for value in (0, 0.0035, 0.25)] == ["0%", "0.35%", "25%"]


def test_what_cannot_be_read_is_said_in_the_place_of_the_answer() -> None:
    answer = unknown("time", "Is v2 slower?", Unread("Is v2 slower", "the database does not answer"))
    assert answer.says == "Is v2 slower could not be read: the database does not answer."
    assert unknown("time", "Is v2 slower?", Unread("It", "", again=True)).need == "Asked again at once"


def test_the_guard_s_findings_are_found_by_their_question() -> None:
    kept = {"findings": [{"check": "time", "phase": "ok", "message": "m"}], "split": {"0.25": [3, 9]}}
    assert guard_says(kept, "time") == GuardSays("ok", "m", 12)
    assert guard_says(kept, "failures") == GuardSays(users=12)
    assert guard_says(None, "time") == GuardSays()


def entry(number: int, hours: float, **after: object) -> Entry:
    """A row of the history; the dial before it is 1."""
    what = "override" if "override" in after else "rollout"
    at = NOW - timedelta(hours=hours)
    return Entry(number, at, what, "op-1", "cli", "", {"dial": 1.0}, after, "")  # type: ignore[arg-type]


ENTRIES = [
    entry(4, 1, override=True),
    entry(3, 2, candidate="v2", dial=25.0),
    entry(2, 3, candidate="v3", dial=5.0),
    entry(1, 4, candidate="v2", dial=1.0),
]


def test_steps_are_the_version_s_own_and_an_override_takes_all_to_nothing() -> None:
    assert dials_of(ENTRIES, "v2") == [(NOW - timedelta(hours=2), 25.0), (NOW - timedelta(hours=1), 0.0)]
    assert dials_of(ENTRIES, "v3")[0] == (NOW - timedelta(hours=3), 5.0)


def test_what_the_guard_found_counts_only_while_its_rollout_is_in_force() -> None:
    kept = guarded(BEGAN)
    again = entry(5, 1, candidate="v2", dial=50.0)
    for before, is_over in (({"dial": 0.0}, True), ({"dial": 25.0}, False), (None, True)):
        rows = [replace(again, before=before), *ENTRIES]
        assert (of_now(kept, rows, "v2", 50.0) is None) == is_over
        assert of_now(kept, rows, "v2", 0.0) == kept  # the last one, while there is none
        assert of_now(kept, rows, "v3", 50.0) == kept
        assert of_now(guarded(again.at), rows, "v2", 50.0) is not None
    lifted = replace(entry(5, 0.5, override=False), before={"override": True})
    assert of_now(kept, [lifted, *ENTRIES], "v2", 25.0) is None
    state = FlagState("file", True, True, "1", 0, 0, rollout=Rollout((VersionRollout("v2", 25, True),), 0, "1", "v2"))
    found = versus_of(state, About("v2", ("v1", "v2"), kept, [lifted, *ENTRIES]), NOW)
    assert (found.since, found.dial) == (lifted.at, 25)
    assert versus_of(state, About("v2", ("v1", "v2"), kept, ENTRIES), NOW).since == BEGAN


def guarded(began: datetime) -> GuardedRollout:
    """What the guard keeps of a rollout."""
    return GuardedRollout(
        1, "v2", "v1", began, "rolled_back", "", {}, 60, [], {}, began, {"findings": []}, began, began, 12,
    )  # fmt: skip


def test_of_several_versions_the_newest_that_some_have_is_asked_about() -> None:
    rollout = Rollout((VersionRollout("v3", 0, True), VersionRollout("v2", 25, True)), 0, "1", "v3")
    state = FlagState("file", True, True, "1", 0, 0, rollout=rollout, versions=Versions("v1", ("v2", "v3"), "v3"))
    assert chosen(state, None) == "v2"
    assert chosen(state, "v3") == "v3"
    assert chosen(state, "v9") == "v2"
    assert (order_of("v2", ("v1", "v2", "v10")), order_of("v10", ("v1", "v2"))) == (1, 2)
    found = versus_of(state, About("v2", ("v1", "v2", "v3"), None, ENTRIES), NOW)
    assert (found.mine, found.other, found.dial) == (Side("v2", 1), Side("v1", 0), 25)
    assert found.since == NOW - timedelta(days=7)
    assert chosen(FlagState("file", False, False, "", 0, 0, versions=Versions("v1", (), "v1")), None) is None

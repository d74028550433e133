"""What a planned shadow is compared with: the version that it would replace for its user, or the other way round."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.shadow.model import Ending, OtherRun, Plan
from gateway.shadow.plan import Offers, choose, other_pipeline, share_run_twice
from pipelines.capabilities import Capabilities, Source
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import Registry
from pipelines.versions import age_of, oldest_first

PLAN = Plan(
    "j", "ann", "shadow", "v1", "planned", 0, 0, 5.0, "user-imports/ann/1.json", False, None, None,
    datetime(2025, 6, 1, tzinfo=UTC), False,
)  # fmt: skip
numbers = st.integers(1, 12)
names = numbers.map(lambda number: f"v{number}")


def plan(primary: str, **changes: Any) -> Plan:
    return replace(PLAN, primary_pipeline=primary, **changes)


async def never(request: ImportRequest, ports: Ports) -> Soulprint:
    raise AssertionError(request)


def chosen(plan: Plan, offers: Offers) -> OtherRun | Ending:
    """What is run where every version takes everything."""
    return choose(plan, offers, lambda name, source: None, 100.0)


@pytest.mark.parametrize(
    ("primary", "candidate", "on", "other"),
    [
        ("v1", "v2", ("v1",), "v2"),
        ("v2", "v2", ("v1", "v2"), "v1"),
        ("v2", "v3", ("v1", "v2"), "v3"),
        ("v3", "v3", ("v1", "v2", "v3"), "v2"),
        ("v3", "v3", ("v1", "v3"), "v1"),
        ("v1", "v3", ("v1",), "v3"),
        ("v3", "v2", ("v1", "v2", "v3"), "v2"),
        ("v10", "v10", ("v1", "v9", "v10"), "v9"),
        ("v3", "v3", ("v2", "v3"), "v2"),
        ("v2", "v2", ("v2",), None),
        ("v1", "v2", ("v2",), "v2"),
    ],
)
def test_a_version_is_compared_with_the_one_that_it_replaces_for_this_user(
    primary: str, candidate: str, on: tuple[str, ...], other: str | None
) -> None:
    assert other_pipeline(plan(primary), Offers(candidate, on)) == other


@given(primary=names, candidate=names, base=names, on=st.sets(names))
def test_both_directions_make_the_same_pair(primary: str, candidate: str, base: str, on: set[str]) -> None:
    """A user of the candidate is compared with what they would get without it; there, they are compared with it."""
    offers = Offers(candidate, tuple({base, *on}))
    other = other_pipeline(plan(candidate), offers)
    if other is not None:
        assert other in offers.on
        assert other_pipeline(plan(other), offers) == candidate
        assert chosen(plan(other), offers) == OtherRun(candidate, primary_is_one=True)
        assert chosen(plan(candidate), offers) == OtherRun(other, primary_is_one=False)
    assert other_pipeline(plan(primary), offers) != primary


@given(primary=names, candidate=names, on=st.sets(names), against=names)
def test_a_version_that_is_asked_for_by_name_is_compared_with(
    primary: str, candidate: str, on: set[str], against: str
) -> None:
    asked, unasked = Offers(candidate, tuple(on), against), Offers(candidate, tuple(on))
    other = other_pipeline(plan(primary), asked)
    assert other == (against if primary != against else other_pipeline(plan(primary), unasked))


@given(primary=names, candidate=names, on=st.sets(names))
def test_noise_is_the_same_version_again(primary: str, candidate: str, on: set[str]) -> None:
    noise = plan(primary, mode="noise")
    assert chosen(noise, Offers(candidate, tuple(on))) == OtherRun(primary, primary_is_one=True)


@given(st.floats(0, 1))
def test_half_of_all_noise_is_the_candidates_whatever_it_serves(served: float) -> None:
    twice = share_run_twice(served)
    assert 0 <= twice <= 0.5
    assert served + (1 - served) * twice == pytest.approx(max(served, 0.5))


def test_a_candidate_that_serves_few_runs_twice_beside_users_of_another_version() -> None:
    offers, at_most = Offers("v3", ("v1", "v2"), served=0.1), Offers("v3", ("v1", "v2"), served=0.5)
    noise = [plan("v2", mode="noise", user_id=str(n)) for n in range(1000)]
    twice = [one for one in noise if chosen(one, offers) == OtherRun("v3", primary_is_one=True, twice=True)]
    assert len(twice) == pytest.approx(1000 * 0.4 / 0.9, abs=60)
    itself = OtherRun("v2", primary_is_one=True)
    assert {chosen(one, offers) for one in noise if one not in twice} == {itself}
    assert {chosen(one, at_most) for one in noise} == {itself}
    assert not any(
        isinstance(run := chosen(plan("v3", mode="noise", user_id=one.user_id), offers), OtherRun) and run.twice
        for one in noise
    )
    refuses_v3 = choose(twice[0], offers, lambda name, _: "no" if name == "v3" else None, 100.0)
    assert refuses_v3 == itself


@given(st.sets(names))
def test_versions_are_ordered_by_number(found: set[str]) -> None:
    assert oldest_first(found) == sorted(found, key=lambda name: int(name[1:]))
    assert age_of("something else") < age_of("v1")


@pytest.mark.parametrize(
    ("changes", "pipeline", "accepted", "reason"),
    [
        ({}, "v2", ("stored",), None),
        ({}, "v1", ("stored",), "there is no pipeline v1"),
        ({}, None, ("stored",), "there is no version to compare v3 with"),
        ({"storage_path": None, "inline": True}, "v2", ("stored",), "v2 takes stored exports only"),
        ({"storage_path": None, "inline": True}, "v2", ("stored", "inline"), None),
        ({"storage_path": None}, "v2", ("stored",), "no export: the primary run read stored chunks"),
    ],
)
def test_what_is_left_out_says_why(
    changes: dict[str, Any], pipeline: str | None, accepted: tuple[Source, ...], reason: str | None
) -> None:
    offers = Offers("v3", () if pipeline is None else (pipeline,))
    registry = Registry({"v2": never}, {}, {"v2": Capabilities(accepts=accepted)})
    found = choose(plan("v3", **changes), offers, registry.refusal, 100.0)
    assert found == (OtherRun("v2", primary_is_one=False) if reason is None else Ending("skipped", reason))


@pytest.mark.parametrize(
    ("hours", "batches", "reason"),
    [
        (23, 0, None),
        (25, 0, "its turn came too late"),
        (25, 1, None),
        (71, 4, None),
        (73, 4, "its batches took too long"),
    ],
)
def test_one_that_was_aside_has_days_and_one_that_never_began_has_one(
    hours: float, batches: int, reason: str | None
) -> None:
    found = chosen(plan("v1", age_seconds=hours * 3600, batches=batches), Offers("v2", ("v1",)))
    assert found == (OtherRun("v2", primary_is_one=True) if reason is None else Ending("shed", reason))

"""Each version behind its own flag: the newest that is on, else the base; no flag moves the users of two others."""

import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from flags.change.edit import with_percent
from flags.document.document import read_document
from flags.evaluate.decider import Decider, decide_by
from flags.explain import describe, explain
from flags.model import SHADOW_FLAG, Versions, flag_of, number_of
from tests.flags.documents import feature, users

LADDER = Versions.known(["v1", "v2", "v3", "v10"])
IDS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(20_000)]
tenths = st.integers(0, 1000).map(lambda tenth: tenth / 10)
dials = st.fixed_dictionaries(dict.fromkeys(LADDER.flagged, tenths))
some = settings(max_examples=80, deadline=None)


def at(percents: dict[str, float], *, off: tuple[str, ...] = (), versions: Versions = LADDER) -> Decider:
    features = [
        feature(flag_of(version), *with_percent((), flag_of(version), percent), enabled=version not in off)
        for version, percent in percents.items()
    ]
    body = json.dumps({"version": 2, "features": [*features, feature(SHADOW_FLAG, *with_percent((), SHADOW_FLAG, 0))]})
    return decide_by(read_document(body.encode(), versions), versions=versions)


def test_versions_are_ordered_by_their_numbers() -> None:
    assert LADDER.ladder == ("v10", "v3", "v2")
    assert (LADDER.base, LADDER.candidate) == ("v1", "v10")
    assert Versions.known(["v1", "v2", "v3"], "v2").ladder == ("v3",)
    assert LADDER.promoted_to("v3").ladder == ("v10",)
    assert LADDER.promoted_to("v4") == LADDER


@given(dials, st.sampled_from(LADDER.flagged), tenths, st.lists(users, min_size=1, max_size=30))
@some
def test_moving_one_dial_never_moves_a_user_between_two_other_versions(
    before: dict[str, float], moved: str, percent: float, ids: list[str]
) -> None:
    one, other = at(before), at({**before, moved: percent})
    for user in ids:
        old, new = one.decide(user).pipeline, other.decide(user).pipeline
        assert old == new or moved in {old, new}
        if percent >= before[moved]:
            assert new in {old, moved}
        else:
            assert old in {new, moved}


@given(dials, st.sampled_from(LADDER.flagged), st.lists(users, min_size=1, max_size=30))
@some
def test_turning_one_off_gives_its_users_what_they_had(percents: dict[str, float], off: str, ids: list[str]) -> None:
    before, after = at({**percents, off: 0}), at(percents, off=(off,))
    ids = [user for user in ids if before.decide(user).reason != "no_user"]  # a blank id is nobody's: they get the base
    assert [before.decide(user).pipeline for user in ids] == [after.decide(user).pipeline for user in ids]


@given(dials, st.lists(users, min_size=1, max_size=30))
@some
def test_a_user_gets_the_newest_version_that_is_on_for_them(percents: dict[str, float], ids: list[str]) -> None:
    split = at(percents)
    for user in ids:
        on = [version for version in LADDER.ladder if split.allows(version, user)]
        decision = split.decide(user)
        assert decision.pipeline == (on[0] if on else "v1")
        assert [asked.on for asked in decision.chain] == [False] * (len(decision.chain) - bool(on)) + [True] * bool(on)


def test_the_shares_that_come_out_are_those_that_are_told() -> None:
    split = at({"v2": 50, "v3": 20, "v10": 10})
    got = [split.decide(user).pipeline for user in IDS]
    for version, share in split.rollout.shares().items():
        part = share / 100
        assert abs(got.count(version) - len(IDS) * part) <= 4.5 * math.sqrt(len(IDS) * part * (1 - part))


def test_a_document_without_a_versions_flag_is_off_for_everybody() -> None:
    split = at({"v2": 100})
    assert {split.decide(user).pipeline for user in IDS[:500]} == {"v2"}


@given(dials, st.sampled_from(LADDER.flagged), st.lists(users, min_size=1, max_size=20))
@some
def test_promoting_a_version_that_everybody_has_moves_nobody(
    percents: dict[str, float], promoted: str, ids: list[str]
) -> None:
    before = at({**percents, promoted: 100})
    after = at({**percents, promoted: 100}, versions=LADDER.promoted_to(promoted))
    ids = [user for user in ids if before.decide(user).reason != "no_user"]  # a blank id is nobody's: they get the base
    assert [before.decide(user).pipeline for user in ids] == [after.decide(user).pipeline for user in ids]
    assert before.document.revision == after.document.revision
    assert all(number_of(asked.pipeline) > number_of(promoted) for asked in after.decide("u").chain)


def test_the_chain_is_told() -> None:
    split = at({"v2": 100, "v3": 0, "v10": 0})
    told = explain("ann", split.decide("ann"), split.rollout)
    assert told.pipeline == "v2"
    assert [part.split(":")[0] for part in told.chain.split("; ")] == ["v10", "v3", "v2"]
    assert told.chain.endswith("dial 100 %: yes")
    assert f"[{told.chain}]" in describe(told)

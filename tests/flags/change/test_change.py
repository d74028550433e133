"""Previews of changes to come."""

from hypothesis import given, settings
from hypothesis import strategies as st

from flags.change.edit import Named, with_percent, with_user
from flags.change.preview import pipeline_of, preview
from flags.model import V2_FLAG, Rollout, VersionRollout
from tests.flags.documents import decider, feature, nameable, users


def at(percent: float, *, enabled: bool = True) -> Rollout:
    version = VersionRollout("v2", percent, enabled, forced_in=("a",), group=V2_FLAG)
    return Rollout((version,), shadow_percent=5, version="1")


def test_a_preview_names_the_known_users_that_would_move() -> None:
    known = [f"u{n}" for n in range(1000)]
    seen = preview(at(10), at(50), known)
    assert (seen.share_before, seen.share_after, seen.share_moved) == (10, 50, 40)
    assert 320 <= len(seen.to_candidate) <= 480
    assert seen.to_v1 == ()
    back = preview(at(50), at(10), known)
    assert (back.to_v1, back.to_candidate) == (seen.to_candidate, ())


def test_turning_off_moves_the_named_too() -> None:
    seen = preview(at(0), at(0, enabled=False), ["a", "b"])
    assert (seen.to_v1, seen.share_moved) == (("a",), 0)


@given(st.integers(0, 1000), st.lists(users, min_size=1, max_size=20), nameable, st.sampled_from(["in", "out", None]))
@settings(max_examples=60, deadline=None)
def test_a_preview_says_what_the_decision_will_be(
    tenths: int, ids: list[str], named: str, wanted: Named | None
) -> None:
    strategies = with_user(with_percent((), V2_FLAG, tenths / 10), V2_FLAG, named, wanted)
    split = decider(feature(V2_FLAG, *strategies))
    for user in [*ids, named]:
        assert pipeline_of(split.rollout, user) == split.decide(user).pipeline

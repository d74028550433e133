"""Whom the guard compares: the ramped version, and what its users would have without it, as rules and panels say."""

import pytest

from flags.model import FlagState, Rollout, VersionRollout, Versions
from flags.roles import roles_of
from gateway.rollout.ramp.driver import compared

THREE = Versions.known(["v1", "v2", "v3"])


def state_at(v3: float, v2: float, versions: Versions = THREE) -> FlagState:
    flags = (VersionRollout("v3", v3, enabled=True), VersionRollout("v2", v2, enabled=True))
    rollout = Rollout(flags, 0.0, "", candidate=versions.candidate, base=versions.base)
    return FlagState("file", True, True, "r", v3, 0.0, rollout=rollout, versions=versions)


@pytest.mark.parametrize(("v2", "baseline"), [(100.0, "v2"), (0.0, "v1"), (10.0, "v1"), (90.0, "v2")])
def test_a_version_that_hardly_anybody_has_is_no_baseline(v2: float, baseline: str) -> None:
    state = state_at(10.0, v2)
    assert compared(state, None) == ("v3", baseline)
    assert baseline == next(role.against for role in roles_of(state) if role.pipeline == "v3")


def test_the_ramps_own_version_is_compared_whichever_commands_address() -> None:
    assert compared(state_at(10.0, 100.0), "v2") == ("v2", "v1")
    assert compared(state_at(10.0, 100.0, THREE.promoted_to("v2")), "v3") == ("v3", "v2")


def test_without_flags_the_base_is_what_users_have() -> None:
    unknown = FlagState("file", False, False, "", 0.0, 0.0, versions=THREE)
    assert compared(unknown, None) == ("v3", "v1")

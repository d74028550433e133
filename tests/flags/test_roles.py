"""What each version is, told for any number of versions: rules and dashboards ask for these roles."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from flags.control import open_control
from flags.last_known.snapshot import Traits
from flags.model import FlagState, Rollout, VersionRollout, Versions
from flags.roles import roles_of
from flags.source import open_source
from gateway.rollout.metrics import FlagCollector

FOUR = Versions.known(["v1", "v2", "v3", "v10"])
DIALS = st.floats(min_value=0, max_value=100, allow_nan=False)


def state_at(*dials: tuple[str, float], versions: Versions = FOUR) -> FlagState:
    flags = tuple(VersionRollout(version, dial, enabled=True) for version, dial in dials)
    rollout = Rollout(flags, 0.0, "", candidate=versions.candidate, base=versions.base)
    return FlagState("file", True, True, "r", 0.0, 0.0, rollout=rollout, versions=versions)


def against(state: FlagState) -> dict[str, str]:
    return {role.pipeline: role.against for role in roles_of(state)}


def test_a_candidate_is_held_against_what_most_of_its_users_would_have() -> None:
    on_v2 = state_at(("v10", 5), ("v3", 10), ("v2", 100))
    assert against(on_v2) == {"v10": "v2", "v3": "v2", "v2": "v1", "v1": ""}
    v2_is_off = state_at(("v10", 5), ("v3", 10), ("v2", 0))
    assert against(v2_is_off) == {"v10": "v1", "v3": "v1", "v2": "v1", "v1": ""}
    half = state_at(("v10", 5), ("v3", 0), ("v2", 50))
    assert against(half)["v10"] == "v2", "of two equal ones, the newer"


def test_the_base_of_the_moment_is_no_candidate() -> None:
    promoted = state_at(("v10", 5), ("v3", 10), ("v2", 100), versions=FOUR.promoted_to("v2"))
    assert [(role.pipeline, role.role) for role in roles_of(promoted)] == [
        ("v10", "candidate"),
        ("v3", "candidate"),
        ("v2", "base"),
    ]


@given(DIALS, DIALS, DIALS)
def test_roles_are_bounded_and_shares_are_of_everybody(v10: float, v3: float, v2: float) -> None:
    roles = list(roles_of(state_at(("v10", v10), ("v3", v3), ("v2", v2))))
    assert [role.pipeline for role in roles] == ["v10", "v3", "v2", "v1"]
    assert abs(sum(role.share for role in roles) - 100) < 1e-6
    ages = {role.pipeline: at for at, role in enumerate(roles)}
    assert all(ages[role.against] > ages[role.pipeline] for role in roles if role.role == "candidate")


async def test_roles_are_scraped(tmp_path: Path) -> None:
    versions = Versions.known(["v1", "v2", "v3"])
    source = open_source(data_dir=tmp_path, traits=Traits(versions=versions))
    registry = CollectorRegistry()
    registry.register(FlagCollector(source))
    await source.start()

    def role(pipeline: str, what: str, other: str) -> float | None:
        labels = {"pipeline": pipeline, "role": what, "against": other}
        return registry.get_sample_value("gateway_pipeline_role", labels)

    assert role("v3", "candidate", "v1") == 1
    control = open_control(data_dir=tmp_path, versions=versions)
    for pipeline, percent in (("v2", 100.0), ("v3", 10.0)):
        await control.turn_on(pipeline=pipeline)
        await control.set_percent(percent, pipeline=pipeline)
    await source.refresh()
    assert (role("v3", "candidate", "v1"), role("v3", "candidate", "v2")) == (None, 1)
    assert (role("v2", "candidate", "v1"), role("v1", "base", "")) == (1, 1)
    shares = [
        registry.get_sample_value("gateway_flags_share_percent", {"pipeline": name}) for name in ("v3", "v2", "v1")
    ]
    assert shares == [10, 90, 0]
    await source.stop()

"""What an import gets: the user's own version where it takes what was sent, else the nearest older one that does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.model import Decision, FlagState, Override, number_of
from gateway.errors import BadRequest, Unavailable
from gateway.jobs.accept.decision import Asked, decide
from pipelines.capabilities import Capabilities, Source
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import Registry
from tests.gateway.jobs.conftest import DialFlags

ALL: tuple[Source, ...] = ("stored", "inline", "chunks")
sources = st.sets(st.sampled_from(ALL[1:])).map(lambda more: ("stored", *sorted(more)))
VERSIONS = ("v1", "v2", "v3", "v10")
asked = st.builds(
    Asked,
    user_id=st.just("ann"),
    storage_path=st.sampled_from([None, "", "a/b"]),
    inline=st.sampled_from([None, b"[]"]),
    pinned=st.sampled_from([None, "v2"]),
)


class Flags(DialFlags):
    """Gives everybody the same."""

    def __init__(self, own: Decision, override: Override | None = None) -> None:
        self.own, self.override = own, override

    def decide(self, user_id: str) -> Decision:
        return self.own

    def state(self) -> FlagState:
        return replace(DialFlags().state(), override=self.override)


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Any pipeline."""
    raise NotImplementedError


def registry_of(declared: dict[str, tuple[Source, ...]], broken: dict[str, str] | None = None) -> Registry:
    return Registry(
        dict.fromkeys(declared, run), broken or {}, {name: Capabilities(accepts) for name, accepts in declared.items()}
    )


def source_of(asked: Asked) -> Source:
    return "stored" if asked.storage_path else "inline" if asked.inline is not None else "chunks"


@given(asked, st.sampled_from(VERSIONS), st.dictionaries(st.sampled_from(VERSIONS), sources))
def test_nobody_gets_what_does_not_take_the_request_nor_what_is_newer_than_their_own(
    asked: Asked, own: str, declared: dict[str, tuple[Source, ...]]
) -> None:
    registry, source = registry_of(declared), source_of(asked)
    given_by_flag = Decision(own, "flag", 50.0, "r1", "other")
    able = [name for name in declared if source in declared[name] and number_of(name) <= number_of(own)]
    if asked.pinned:
        assert decide(Flags(given_by_flag), registry, asked).reason == "forced"
    elif source == "stored":
        assert decide(Flags(given_by_flag), registry, asked) == given_by_flag
    elif able:
        found = decide(Flags(given_by_flag), registry, asked)
        assert found.pipeline == max(able, key=number_of)
        by_name = "v1_only" if found.pipeline == "v1" else "flag" if found.pipeline == own else "capability"
        assert found.reason == by_name
    else:
        with pytest.raises((BadRequest, Unavailable), match="storage_path required: no pipeline here"):
            decide(Flags(given_by_flag), registry, asked)


TWO = registry_of({"v1": ALL, "v2": ("stored",)})


@given(asked, st.sampled_from(["v1", "v2"]), st.booleans())
def test_where_only_v1_and_v2_are_there_it_is_as_it_always_was(asked: Asked, own: str, overridden: bool) -> None:
    override = Override("ann", "", datetime(2025, 6, 1, tzinfo=UTC)) if overridden else None
    flags = Flags(Decision("v1", "override", 0.0, "r1") if overridden else Decision(own, "flag", 50.0, "r1"), override)
    if asked.pinned and not overridden:
        expected = Decision("v2", "forced", 50.0, "r1")
    elif asked.pinned or asked.storage_path:
        expected = flags.own
    else:
        expected = Decision("v1", "v1_only", 50.0, "r1")
    assert decide(flags, TWO, asked) == expected


def test_what_no_version_takes_is_refused_and_may_be_sent_again_only_while_one_is_broken() -> None:
    flags, nothing = Flags(Decision("v2", "flag", 100.0, "r1")), Asked("ann")
    without_v1 = registry_of({"v2": ("stored",)})
    with pytest.raises(BadRequest, match="no pipeline here works from the chunks that the user has"):
        decide(flags, without_v1, nothing)
    with pytest.raises(BadRequest, match="no pipeline here takes inline conversations"):
        decide(flags, without_v1, Asked("ann", inline=b"[]"))
    with pytest.raises(Unavailable):
        decide(flags, registry_of({"v2": ("stored",)}, {"v1": "ImportError: gone"}), nothing)

"""Runs to compare: made by hand, and of every shape by Hypothesis."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from gateway.shadow.compare.model import Failure, Outcome, WriteIntent
from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Category, Fact, Soulprint, Usage


def fact(value: str, category: Category = "interest", message: str = "m1") -> Fact:
    return Fact(category, value, f"I said {value}", "c1", message)


HOBBIES = (
    "painting", "chess", "long distance running", "baking sourdough", "jazz piano", "bird watching", "origami",
    "pottery", "astronomy", "fly fishing", "salsa dancing", "beekeeping", "crosswords", "surfing", "calligraphy",
    "gardening", "fencing", "karaoke", "woodworking", "skiing",
)  # fmt: skip


def soulprint(**changes: Any) -> Soulprint:
    """A full result with twenty facts."""
    whole = Soulprint(
        sections={
            "user": {
                "name": "Ana", "location": "Lisbon", "occupation": "nurse", "relationships": ["sister: Bea"],
                "interests": list(HOBBIES[:6]), "life_context": NOT_ENOUGH, "preferred_address": NOT_ENOUGH,
            },
            "soul": {"humor_style": "dry and understated", "boundaries": []},
        },
        facts=(fact("Ana", "name"), fact("Lisbon", "location"), *(fact(hobby) for hobby in HOBBIES[:18])),
        total_conversations=12,
        total_messages=340,
        total_chunks=40,
        soulprint_text="A nurse in Lisbon who paints and plays chess",
        memory_md="# MEMORY\n\n## Preferences\n\n- " + "\n- ".join(HOBBIES),
        usage=Usage(3, 1000, 200, 0.01),
    )  # fmt: skip
    return msgspec.structs.replace(whole, **changes)


def outcome(result: Soulprint | None = None, **changes: Any) -> Outcome:
    """A run that went well and wrote what runs write."""
    writes = (
        WriteIntent("conversation_chunks", 40, 90_000, ("old-1", "old-2")),
        WriteIntent("user_profiles", 1, 8_000),
    )
    whole = Outcome("v1", result or soulprint(), writes=writes, seconds=10.0)
    return msgspec.structs.replace(whole, **changes)


def with_section(section: str, field: str, value: Any) -> Soulprint:
    """A full result with one field of a section changed."""
    whole = soulprint()
    sections: dict[str, dict[str, Any]] = {name: dict(fields) for name, fields in whole.sections.items()}
    sections[section][field] = value
    return msgspec.structs.replace(whole, sections=sections)


# -- every shape

WORDS = st.text("abcAB .-é\u2019\n", max_size=20) | st.sampled_from([NOT_ENOUGH, "Lisbon", "not painting", *HOBBIES])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FACTS = st.lists(
    st.builds(
        fact, WORDS, st.sampled_from(["interest", "preference", "location", "name", "decision"]), st.sampled_from("ab")
    ),
    max_size=8,
).map(tuple)
SECTIONS = st.dictionaries(
    st.sampled_from(list(SECTION_FIELDS)),
    st.dictionaries(st.sampled_from(SECTION_FIELDS["user"]), VALUES, max_size=4),
    max_size=2,
)
SOULPRINTS = st.builds(
    Soulprint,
    sections=SECTIONS,
    facts=FACTS,
    total_conversations=st.integers(0, 9),
    total_messages=st.integers(0, 9),
    total_chunks=st.integers(0, 9),
    memory_md=st.none() | WORDS,
    unread_share=st.floats(),
    warnings=st.lists(WORDS, max_size=2).map(tuple),
)
WRITES = st.lists(
    st.builds(
        WriteIntent,
        st.sampled_from(["user_profiles", "conversation_chunks"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.lists(WORDS, max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)
FINE = st.builds(Outcome, st.sampled_from(["v1", "v2"]), SOULPRINTS, writes=WRITES, seconds=st.floats())
BROKEN = st.builds(
    Outcome,
    st.just("v1"),
    st.none(),
    st.builds(Failure, st.sampled_from(["ExportError", "X"]), WORDS),
    seconds=st.floats(),
)
OUTCOMES = FINE | BROKEN

"""What a pipeline declares of itself: what it can be given, and what it makes.

The gateway gives it only what it accepts, and the behaviour suite asks it only for what it declares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from pipelines.contract import SECTION_FIELDS, SectionName, Tier

Source = Literal[
    "stored",  # an export in the store, by its path
    "inline",  # an export that came with the request
    "chunks",  # none: the chunks that the user already has
]
SoulprintField = Literal[
    "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_log", "memory_md",
    "archetype", "ai_name",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One pipeline's declaration: `CAPABILITIES` in its `run.py`. Raises ValueError for what there is not."""

    accepts: tuple[Source, ...] = ("stored",)
    tiers: tuple[Tier, ...] = ()  # of the chunks that it cuts; none: the user keeps the chunks of before
    facts: bool = False  # it has the language engine read the user's words
    sections: tuple[SectionName, ...] = ()
    fields: tuple[SoulprintField, ...] = ()  # of the soulprint; where nothing was found, one may be None
    differs: Mapping[str, str] = field(
        default_factory=dict
    )  # field, or the start of it -> why not as in versions before

    def __post_init__(self) -> None:
        if "stored" not in self.accepts:
            raise ValueError('`accepts` lacks "stored": a stored export is what callers send')
        _check("accepts", self.accepts, get_args(Source))
        _check("tiers", self.tiers, get_args(Tier))
        _check("sections", self.sections, tuple(SECTION_FIELDS))
        _check("fields", self.fields, get_args(SoulprintField))

    def why_different(self, name: str) -> str | None:
        """Why this field is expected not to be as in the versions before: by its name, or the longest start of it."""
        fitting = [known for known in self.differs if name == known or name.startswith(f"{known}.")]
        return self.differs[max(fitting, key=len)] if fitting else None


def source_of(storage_path: str | None, *, inline: bool) -> Source:
    """What a request brings; a stored export makes an inline one superfluous."""
    if storage_path:
        return "stored"
    return "inline" if inline else "chunks"


def _check(what: str, declared: tuple[str, ...], known: tuple[str, ...]) -> None:
    if unknown := [name for name in declared if name not in known]:
        raise ValueError(f"`{what}` holds {unknown[0]!r}, which is none of {', '.join(known)}")

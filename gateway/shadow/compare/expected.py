"""What a newer version declares that it does otherwise: folded away, but never the loss of what it says it makes."""

from collections.abc import Iterable
from typing import get_args

import msgspec

from gateway.shadow.compare.model import HARMS, Finding
from pipelines.capabilities import Capabilities, SoulprintField
from pipelines.contract import SECTION_FIELDS


class Expected(msgspec.Struct, frozen=True):
    """`differs`: fields, or their beginnings, in which it may find more or say it otherwise. `without`: those of them
    that it does not make at all, so that lacking them is no loss."""

    differs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def folds(self, finding: Finding) -> bool:
        """Whether the finding is what was declared."""
        if finding.effect == "lost":
            return _fits(finding.where, self.without)
        return finding.effect not in HARMS and _fits(finding.where, self.differs)


def expected_of(newer: Capabilities) -> Expected:
    """What follows from a version's own declaration: a difference needs a reason, a loss also that it makes none."""
    made = {*newer.fields, *(f"sections.{section}" for section in newer.sections)}
    could = (*get_args(SoulprintField), *(f"sections.{section}" for section in SECTION_FIELDS))
    without = tuple(name for name in could if name not in made and newer.why_different(name))
    return Expected(tuple(sorted(newer.differs)), without)


def _fits(where: str, names: Iterable[str]) -> bool:
    return any(where == name or where.startswith(f"{name}.") for name in names)

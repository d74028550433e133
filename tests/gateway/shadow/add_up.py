"""Rates added up comparison by comparison, where the report lets the database do it."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from gateway.shadow.compare.kinds import kinds_of
from gateway.shadow.compare.model import AGREEING, CLASSES, Class, Comparison
from gateway.statistics.confidence import Rate


class Rates(msgspec.Struct, frozen=True):
    """Rates over some pairs. A field counts only in pairs where it was compared at all."""

    pairs: int
    classes: dict[Class, Rate]
    fields: dict[str, Rate]  # how often a field is neither the same nor equivalent
    kinds: tuple[tuple[str, int], ...] = ()  # kinds of difference, in how many pairs, the most frequent first

    @property
    def mismatch(self) -> Rate:
        """How often a pair as a whole is neither the same nor equivalent."""
        agreeing = sum(self.classes[class_].hits for class_ in ("same", "equivalent"))
        return Rate(self.pairs - agreeing, self.pairs)


def add_up(comparisons: Iterable[Comparison]) -> Rates:
    """The rates over the comparisons, in any order."""
    classes: Counter[Class] = Counter()
    compared: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for comparison in comparisons:
        classes[comparison.class_] += 1
        compared.update(field.field for field in comparison.fields)
        differing.update(field.field for field in comparison.fields if field.verdict not in AGREEING)
        kinds.update(kinds_of(comparison))
    pairs = classes.total()
    return Rates(
        pairs=pairs,
        classes={class_: Rate(classes[class_], pairs) for class_ in CLASSES},
        fields={field: Rate(differing[field], compared[field]) for field in sorted(compared)},
        kinds=tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))),
    )

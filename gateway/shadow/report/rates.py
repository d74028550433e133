"""Comparisons added up: how often each field and each class differs, and how durations compare."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from gateway.shadow.compare.model import CLASSES, Class, Comparison
from gateway.shadow.report.statistics import Rate

AGREEING = ("same", "equivalent")


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


def kinds_of(comparison: Comparison) -> frozenset[str]:
    """The kinds of difference in one pair, without anybody's words: "sections.user.name: worse", "facts: only one has
    interest". Fields that decide nothing are left out."""
    if comparison.class_ == "failed":
        return frozenset({"failed"})
    deciding = (field for field in comparison.fields if field.weight > 0 and field.verdict not in AGREEING)
    kinds = {f"{field.field}: {field.verdict}" for field in deciding if field.field != "facts"}
    facts = comparison.facts
    kinds |= {f"facts: only one has {_category(sample)}" for sample in facts.samples_only_one}
    kinds |= {f"facts: only other has {_category(sample)}" for sample in facts.samples_only_other}
    kinds |= {f"facts: contradicting {pair.category}" for pair in facts.samples_contradicting}
    return frozenset(kinds)


def _category(sample: str) -> str:
    return sample.partition(":")[0]

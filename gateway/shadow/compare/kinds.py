"""What kinds of difference there are between two results, without anybody's words."""

from gateway.shadow.compare.model import AGREEING, Comparison


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

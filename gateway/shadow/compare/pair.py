"""Two runs of one job, compared: a verdict for each field, one score, one class.

`one` is what is known (v1, or the primary run), `other` what is in question (v2, or the same pipeline again).
Classes, the first that fits:

- failed: one side failed, or both did in different ways (both in the same way is `same`);
- contradicts: the sides say things that cannot both be true, or say different things and neither covers more;
- same, equivalent: every field that decides is equal, or equal but for wording;
- better_covered, worse_covered: the other says more, or less, than the one.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway.shadow.compare.facts import compare_facts
from gateway.shadow.compare.model import Class, Comparison, FactsVerdict, FieldVerdict, Outcome, Overlap, Verdict
from gateway.shadow.compare.normalise import as_items, as_text, clean_text, is_missing, sample, words
from gateway.shadow.compare.rules import Rule, rule_for
from gateway.shadow.compare.similarity import near, opposed, overlap_of_items, overlap_of_words, share
from pipelines.contract import Soulprint

NOT_FIELDS = ("sections", "facts", "memory")  # compared apart, or, as what is remembered, not shown to anybody
LOPSIDED = 2.0  # so many times more on one side is coverage; less is a difference of opinion


def compare(one: Outcome, other: Outcome) -> Comparison:
    """The comparison of two runs of the same job. Never raises, whatever the runs hold."""
    costs = [_compare_field("seconds", one.seconds, other.seconds)]
    if one.result is None or other.result is None:
        return _compare_failures(one, other, tuple(costs))
    facts = compare_facts(one.result.facts, other.result.facts)
    left, right = fields_of(one, one.result), fields_of(other, other.result)
    names = [name for name in sorted(left.keys() | right.keys()) if rule_for(name).kind != "ignore"]
    fields = (_facts_field(facts), *costs, *(_compare_field(name, left.get(name), right.get(name)) for name in names))
    return Comparison(classify(fields), score(fields), fields, facts)


def _compare_failures(one: Outcome, other: Outcome, fields: tuple[FieldVerdict, ...]) -> Comparison:
    if one.result is None and other.result is None and _failure(one) == _failure(other):
        return Comparison("same", 1.0, fields, note=f"both failed: {_failure(one)}"[:400])
    failures = [f"{side.pipeline} failed: {_failure(side)}" for side in (one, other) if side.result is None]
    return Comparison("failed", 0.0, fields, note="; ".join(failures)[:400])


def _failure(outcome: Outcome) -> str:
    failure = outcome.failure
    return "no result" if failure is None else f"{failure.kind}: {clean_text(failure.message)}"


# -- fields


def fields_of(outcome: Outcome, result: Soulprint) -> dict[str, Any]:
    """Everything that is compared, by dotted name."""
    plain = {name: getattr(result, name) for name in result.__struct_fields__ if name not in NOT_FIELDS}
    fields = dict(_flatten(plain))
    for section, values in result.sections.items():
        fields |= {f"sections.{section}.{name}": value for name, value in values.items()}
    for write in outcome.writes:
        where = f"writes.{write.table}"
        fields[f"{where}.rows"] = fields.get(f"{where}.rows", 0) + write.rows
        fields[f"{where}.size"] = fields.get(f"{where}.size", 0) + write.size
        fields[f"{where}.deletes"] = (*fields.get(f"{where}.deletes", ()), *write.deletes)
    return fields


def _flatten(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, msgspec.Struct):
            yield from ((f"{name}.{part}", getattr(value, part)) for part in value.__struct_fields__)
        else:
            yield name, value


def _facts_field(facts: FactsVerdict) -> FieldVerdict:
    rule = rule_for("facts")
    overlap = share(facts.both, facts.only_one + facts.contradicting / 2, facts.only_other + facts.contradicting / 2)
    equal = facts.near + facts.only_one + facts.only_other == 0
    verdict: Verdict = "contradicts" if facts.contradicting else judge(overlap, equal=equal)
    nothing = facts == FactsVerdict()
    return FieldVerdict("facts", verdict, overlap, 0.0 if nothing else rule.weight)


def _compare_field(field: str, one: Any, other: Any) -> FieldVerdict:
    rule = rule_for(field)
    overlap, equal = _lay_over(rule, one, other)
    verdict = judge(overlap, equal=equal, slack=rule.tolerance)
    missing = is_missing(one) + is_missing(other)
    weight = 0.0 if missing == 2 or (missing == 1 and rule.own) else rule.weight
    if rule.kind == "said" and verdict not in ("same", "equivalent"):
        verdict = _reconsider(rule, one, other) or verdict
    return FieldVerdict(field, verdict, overlap, weight, sample(one), sample(other))


def _reconsider(rule: Rule, one: Any, other: Any) -> Verdict | None:
    """Two short statements that differ, judged again: other words for the same thing, or a contradiction."""
    if is_missing(one) or is_missing(other) or not (isinstance(one, str) and isinstance(other, str)):
        return None
    left, right = clean_text(one), clean_text(other)
    if near(left, right):
        return "contradicts" if opposed(left, right) else "equivalent"
    return "contradicts" if rule.single else None


def _lay_over(rule: Rule, one: Any, other: Any) -> tuple[Overlap, bool]:
    """How the values overlap, and whether they are equal after cleaning."""
    if rule.kind in ("number", "amount", "cost"):
        return _lay_numbers_over(rule, _number(one), _number(other))
    overlap, equal = _lay_words_over(rule, one, other)
    return (_turn(overlap) if rule.kind == "taken" else overlap), equal


def _lay_numbers_over(rule: Rule, one: float, other: float) -> tuple[Overlap, bool]:
    common = min(one, other)
    overlap = share(common, one - common, other - common)
    if rule.kind == "cost":
        return _turn(overlap), one == other
    if rule.kind == "amount":
        half = (1 - overlap.shared) / 2
        return Overlap(overlap.shared, half, half), one == other
    return overlap, one == other


def _lay_words_over(rule: Rule, one: Any, other: Any) -> tuple[Overlap, bool]:
    if is_missing(one) or is_missing(other):
        return share(0, not is_missing(one), not is_missing(other)), is_missing(one) and is_missing(other)
    if rule.kind == "text" or (isinstance(one, str) and isinstance(other, str)):
        equal = clean_text(as_text(one)) == clean_text(as_text(other))
        return overlap_of_words(words(as_text(one)), words(as_text(other))), equal
    left, right = as_items(one), as_items(other)
    return overlap_of_items(left, right), left == right


def _turn(overlap: Overlap) -> Overlap:
    """Where less is better, what only the other has is a loss."""
    return Overlap(overlap.shared, overlap.only_other, overlap.only_one)


def _number(value: Any) -> float:
    """A number that can be compared: what is none, not finite, or negative counts as nothing."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(min(max(value, 0), 1e18))


# -- verdicts


def judge(overlap: Overlap, *, equal: bool, slack: float = 0.0) -> Verdict:
    """The verdict on one field from how its values overlap; shares up to `slack` are wording."""
    gain, loss = overlap.only_other, overlap.only_one
    if equal:
        return "same"
    if gain <= slack and loss <= slack:
        return "equivalent"
    if gain > loss * LOPSIDED and overlap.shared >= loss:
        return "better"
    if loss > gain * LOPSIDED and overlap.shared >= gain:
        return "worse"
    return "different"  # neither holds at least half of what the other says, or both say much of their own


def classify(fields: Iterable[FieldVerdict]) -> Class:
    """The class of a pair from the fields that decide."""
    deciding = [field for field in fields if field.weight > 0]
    verdicts = {field.verdict for field in deciding}
    if "contradicts" in verdicts:
        return "contradicts"
    if verdicts <= {"same"}:
        return "same"
    if verdicts <= {"same", "equivalent"}:
        return "equivalent"
    differing = [field for field in deciding if field.verdict not in ("same", "equivalent")]
    gain = math.fsum(field.weight * _lean(field).only_other for field in differing)
    loss = math.fsum(field.weight * _lean(field).only_one for field in differing)
    if gain > loss * LOPSIDED:
        return "better_covered"
    return "worse_covered" if loss > gain * LOPSIDED else "contradicts"


def _lean(field: FieldVerdict) -> Overlap:
    """A field's overlap as it counts for coverage: a difference of opinion counts for neither side more."""
    if field.verdict != "different":
        return field.overlap
    half = (field.overlap.only_one + field.overlap.only_other) / 2
    return Overlap(field.overlap.shared, half, half)


def score(fields: Iterable[FieldVerdict]) -> float:
    """The weighted share that both sides have in common, 0 to 1."""
    deciding = [field for field in fields if field.weight > 0]
    weight = math.fsum(field.weight for field in deciding)
    shared = math.fsum(field.weight * field.overlap.shared for field in deciding)
    return min(1.0, max(0.0, shared / weight)) if weight else 1.0

"""One opened pair, field by field: the only place where users' words are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.shadow.compare.model import AGREEING, Comparison, FieldVerdict, Finding
from gateway.shadow.report.queries import ShownPair
from gateway.web.console.pages.compare.marks import Part, marked, printable
from gateway.web.console.pages.compare.view import CLASS_WORDS, HARM_WORDS

VERDICTS: Final = {
    "better": ("+", "covers more"), "worse": ("-", "covers less"), "contradicts": ("!", "contradicts"),
    "different": ("~", "different"), "same": ("=", "the same"), "equivalent": ("=", "other words"),
}  # fmt: skip
MISSING: Final = "missing"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field on both sides. `decides` False: shown, and nothing follows from it."""

    name: str
    sign: str
    verdict: str
    one: Sequence[Part]
    other: Sequence[Part]
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Effect:
    """What the version in question does to the user."""

    sign: str
    what: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class OpenedPair:
    """The page of one pair."""

    job_id: str
    one: str
    other: str
    served: str
    at: datetime
    harms: str
    class_: str
    judge: str
    note: str
    effects: Sequence[Effect]
    fields: Sequence[FieldRow]
    agreeing: Sequence[FieldRow]
    agreeing_says: str
    facts_say: str
    texts: tuple[Sequence[Part], Sequence[Part]]
    expected: Sequence[str]  # where it differs so by design
    previous: str = ""
    next: str = ""
    back: str = ""
    place: str = ""  # "3 of the worst"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Links to the list and to the pairs before and behind."""

    back: str
    previous: str = ""
    next: str = ""
    place: str = ""


def open_pair(pair: ShownPair, links: Neighbours) -> OpenedPair:
    comparison = pair.comparison
    differing = [field for field in comparison.fields if field.verdict not in AGREEING and field.field != "facts"]
    agreeing = [field for field in comparison.fields if field.verdict in AGREEING and field.field != "facts"]
    effects = comparison.effects
    harms = [finding.effect for finding in effects.harms] if effects else []
    return OpenedPair(
        job_id=pair.job_id,
        one=pair.one,
        other=pair.other,
        served=pair.served,
        at=pair.created_at,
        harms=", ".join(f"{HARM_WORDS.get(one, one)}: {harms.count(one)}" for one in dict.fromkeys(harms)) or "no harm",
        class_=CLASS_WORDS.get(comparison.class_, comparison.class_),
        judge=judged(pair),
        note=printable(comparison.note),
        effects=effects_of(comparison),
        fields=[*fact_rows(comparison), *sorted(map(field_row, differing), key=lambda row: not row.decides)],
        agreeing=[field_row(field) for field in agreeing],
        agreeing_says=agreeing_says(agreeing),
        facts_say=facts_say(pair),
        texts=marked(*comparison.texts),
        expected=sorted({finding.where for finding in effects.expected}) if effects else (),
        previous=links.previous,
        next=links.next,
        back=links.back,
        place=links.place,
    )


def judged(pair: ShownPair) -> str:
    """`judge: v1`, or that nobody was asked."""
    named = {"one": pair.one, "other": pair.other, "tie": "a tie", "undecided": "undecided"}
    return "nobody was asked" if pair.judgement is None else named.get(pair.judgement, pair.judgement)


def effects_of(comparison: Comparison) -> list[Effect]:
    """Harms, then gains."""
    effects = comparison.effects
    if effects is None:
        return []

    def effect(sign: str, finding: Finding) -> Effect:
        what = HARM_WORDS.get(finding.effect, finding.effect)
        return Effect(sign, what, finding.where, printable(finding.words))

    return [*(effect("!", one) for one in effects.harms), *(effect("+", one) for one in effects.gains)]


def field_row(field: FieldVerdict) -> FieldRow:
    one, other = marked(field.one, field.other)
    sign, verdict = VERDICTS[field.verdict]
    return FieldRow(field.field, sign, verdict, one, other, field.weight > 0)


def fact_rows(comparison: Comparison) -> list[FieldRow]:
    """Facts one by one: contradicted, missing, found."""
    facts = comparison.facts
    rows = list[FieldRow]()
    for pair in facts.samples_contradicting:
        one, other = marked(pair.one, pair.other)
        rows.append(FieldRow(f"fact: {printable(pair.category)}", "!", "contradicts", one, other))
    rows += [fact_row(sample, "-", MISSING) for sample in facts.samples_only_one]
    rows += [fact_row(sample, "+", "found") for sample in facts.samples_only_other]
    return rows


def fact_row(sample: str, sign: str, verdict: str) -> FieldRow:
    """A fact that only one side has."""
    there = [Part("only", fact_text(sample))]
    sides = (there, []) if sign == "-" else ([], there)
    return FieldRow(f"fact: {printable(sample.partition(':')[0])}", sign, verdict, *sides)


def fact_text(sample: str) -> str:
    return printable(sample.partition(":")[2].strip() or sample)


def facts_say(pair: ShownPair) -> str:
    """All facts in numbers: of many, only some are shown one by one."""
    facts = pair.comparison.facts
    return (
        f"{facts.both:,} facts in both, {facts.near:,} of them in other words; {facts.only_one:,} only {pair.one}, "
        f"{facts.only_other:,} only {pair.other}, {facts.contradicting:,} contradicting"
    )


def agreeing_says(agreeing: Sequence[FieldVerdict]) -> str:
    """`14 fields are the same, 3 in other words`."""
    same = sum(field.verdict == "same" for field in agreeing)
    said = "1 field is the same" if same == 1 else f"{same} fields are the same"
    return f"{said}, {len(agreeing) - same} in other words"

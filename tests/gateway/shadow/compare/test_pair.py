"""The comparison of two runs: what it promises for every pair, and how known differences are classed."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from gateway.shadow.compare.model import (
    CLASSES,
    Class,
    Comparison,
    Failure,
    FieldVerdict,
    Outcome,
    Verdict,
    WriteIntent,
)
from gateway.shadow.compare.pair import compare
from pipelines.contract import Usage
from tests.gateway.shadow.material import HOBBIES, OUTCOMES, fact, outcome, soulprint, with_section

TURNED: dict[str, str] = {
    "better": "worse", "worse": "better", "better_covered": "worse_covered", "worse_covered": "better_covered",
}  # fmt: skip
SOME = settings(max_examples=100, deadline=None)


def field(comparison: Comparison, name: str) -> FieldVerdict:
    return next(verdict for verdict in comparison.fields if verdict.field == name)


@SOME
@given(OUTCOMES)
def test_a_run_is_the_same_as_itself(run: Outcome) -> None:
    comparison = compare(run, run)
    assert comparison.class_ == "same"
    assert comparison.score == 1.0
    assert {verdict.verdict for verdict in comparison.fields} <= {"same"}


@SOME
@given(OUTCOMES, OUTCOMES)
def test_swapping_the_sides_swaps_better_and_worse_and_nothing_else(one: Outcome, other: Outcome) -> None:
    there, back = compare(one, other), compare(other, one)
    assert back.class_ == TURNED.get(there.class_, there.class_)
    assert back.score == pytest.approx(there.score)
    assert (back.facts.only_one, back.facts.only_other) == (there.facts.only_other, there.facts.only_one)
    turned = {verdict.field: TURNED.get(verdict.verdict, verdict.verdict) for verdict in there.fields}
    assert {verdict.field: verdict.verdict for verdict in back.fields} == turned


@SOME
@given(OUTCOMES, OUTCOMES)
def test_any_pair_has_a_class_a_bounded_score_and_bounded_samples(one: Outcome, other: Outcome) -> None:
    comparison = compare(one, other)
    assert comparison.class_ in CLASSES
    assert 0.0 <= comparison.score <= 1.0
    assert len(msgspec.json.encode(comparison)) < 40_000
    for verdict in comparison.fields:
        overlap = verdict.overlap
        assert overlap.shared + overlap.only_one + overlap.only_other == pytest.approx(1.0)


@SOME
@given(OUTCOMES, OUTCOMES)
def test_the_order_of_unordered_things_never_matters(one: Outcome, other: Outcome) -> None:
    assert compare(shuffled(one), shuffled(other)).fields == compare(one, other).fields


def shuffled(run: Outcome) -> Outcome:
    """The run with facts, writes, and lists inside sections in another order."""
    draw = random.Random(3)
    if run.result is None:
        return run
    sections = {
        section: {name: mixed(value, draw) for name, value in values.items()}
        for section, values in run.result.sections.items()
    }
    result = msgspec.structs.replace(
        run.result, facts=mixed(run.result.facts, draw), warnings=mixed(run.result.warnings, draw), sections=sections
    )
    return msgspec.structs.replace(run, result=result, writes=mixed(run.writes, draw))


def mixed(value: Any, draw: random.Random) -> Any:
    """A list in another order, anything else as it is."""
    return type(value)(draw.sample(value, len(value))) if isinstance(value, list | tuple) else value


FACTS = soulprint().facts

CASES: list[tuple[str, Outcome, Class, str, Verdict]] = [
    ("a fact dropped", outcome(soulprint(facts=FACTS[:-1])), "worse_covered", "facts", "worse"),
    ("a fact more", outcome(soulprint(facts=(*FACTS, fact("rowing")))), "better_covered", "facts", "better"),
    ("other words", outcome(soulprint(facts=(*FACTS[:-1], fact("Karaokes")))), "equivalent", "facts", "equivalent"),
    ("a new name", outcome(soulprint(facts=(fact("Eva", "name"), *FACTS[1:]))), "contradicts", "facts", "contradicts"),
    ("negated", outcome(soulprint(facts=(*FACTS[:-1], fact("no karaoke")))), "contradicts", "facts", "contradicts"),
    (
        "another town", outcome(with_section("user", "location", "Porto")), "contradicts", "sections.user.location",
        "contradicts",
    ),
    (
        "the town in full", outcome(with_section("user", "location", "Lisbon, Portugal")), "equivalent",
        "sections.user.location", "equivalent",
    ),
    (
        "a town lost", outcome(with_section("user", "location", "Not enough data.")), "worse_covered",
        "sections.user.location", "worse",
    ),
    (
        "a field found", outcome(with_section("user", "life_context", "moving house")), "better_covered",
        "sections.user.life_context", "better",
    ),
    (
        "a field reworded beyond recognition", outcome(with_section("soul", "humor_style", "slapstick, loud")),
        "contradicts", "sections.soul.humor_style", "different",
    ),
    (
        "an interest lost", outcome(with_section("user", "interests", list(HOBBIES[:5]))), "worse_covered",
        "sections.user.interests", "worse",
    ),
    (
        "a list in another order", outcome(with_section("user", "interests", list(HOBBIES[5::-1]))), "same",
        "sections.user.interests", "same",
    ),
    ("a text lost", outcome(soulprint(soulprint_text=None)), "worse_covered", "soulprint_text", "worse"),
    ("MEMORY not made at all", outcome(soulprint(memory_md=None)), "same", "memory_md", "worse"),
    ("other MEMORY", outcome(soulprint(memory_md="Likes trains " * 30)), "contradicts", "memory_md", "different"),
    ("fewer chunks", outcome(soulprint(total_chunks=20)), "same", "total_chunks", "different"),
    ("messages not read", outcome(soulprint(total_messages=170)), "worse_covered", "total_messages", "worse"),
    ("slower by a fifth", outcome(seconds=12.0), "same", "seconds", "worse"),
    ("dearer", outcome(soulprint(usage=Usage(3, 1000, 200, 0.02))), "same", "usage.cost_usd", "worse"),
    (
        "deletes more", outcome(writes=(WriteIntent("conversation_chunks", 40, 0, ("old-1", "old-2", "old-3")),)),
        "worse_covered", "writes.conversation_chunks.deletes", "worse",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "class_", "name", "verdict"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_known_difference_is_classed(other: Outcome, class_: Class, name: str, verdict: Verdict) -> None:
    comparison = compare(outcome(), other)
    assert comparison.class_ == class_
    assert field(comparison, name).verdict == verdict
    assert comparison.score == 1.0 if class_ == "same" else comparison.score > 0.5


def test_facts_are_told_apart_as_sets() -> None:
    other = soulprint(
        facts=(*FACTS[2:10], fact("Painting!"), fact("Eva", "name"), fact("rowing"), fact("chess", "belief"))
    )
    facts = compare(outcome(), outcome(other)).facts
    assert (facts.both, facts.contradicting, facts.only_one, facts.only_other) == (8, 1, 11, 2)
    assert facts.samples_only_other == ("belief: chess", "interest: rowing")
    assert [(pair.one, pair.other) for pair in facts.samples_contradicting] == [("ana", "eva")]


def test_the_same_thing_in_another_category_is_found_by_both() -> None:
    facts = compare(
        outcome(soulprint(facts=(fact("jazz"),))), outcome(soulprint(facts=(fact("jazz", "preference"),)))
    ).facts
    assert (facts.both, facts.near, facts.only_one, facts.only_other) == (1, 1, 0, 0)


def test_ids_and_time_stamps_do_not_matter() -> None:
    texts = [
        f"Made at {when} for {who}: likes tea"
        for when, who in (
            ("2026-01-02T03:04:05Z", "0d9c1c7e-7e0b-4f0e-9d55-0f0a5f4f1a11"),
            ("2026-02-03 04:05", "7e0b0d9c-4f0e-9d55-0f0a-5f4f1a110d9c"),
        )
    ]
    one, other = (outcome(soulprint(soulprint_text=text)) for text in texts)
    assert compare(one, other).class_ == "same"


def test_a_failure_against_a_result_is_a_failure_and_says_whose() -> None:
    broken = Outcome("v2", None, Failure("ExportError", "no conversation"))
    comparison = compare(outcome(), broken)
    assert (comparison.class_, comparison.score) == ("failed", 0.0)
    assert comparison.note == "v2 failed: ExportError: no conversation"


def test_the_same_failure_on_both_sides_is_the_same_and_different_ones_are_not() -> None:
    one = Outcome("v1", None, Failure("ExportError", "no conversation"))
    assert compare(one, msgspec.structs.replace(one, pipeline="v2")).class_ == "same"
    assert compare(one, Outcome("v2", None, Failure("TimeoutError", ""))).class_ == "failed"


def test_very_large_results_are_compared_at_bounded_cost() -> None:
    draw = random.Random(5)
    many = [
        tuple(fact(f"{draw.choice(HOBBIES)} {draw.randrange(10**6)}") for _ in range(3_000)),
        tuple(fact(f"{draw.choice(HOBBIES)} {draw.randrange(10**6)}") for _ in range(3_000)),
    ]
    texts = [" ".join(draw.choices(HOBBIES, k=40_000)) for _ in range(2)]
    one, other = (outcome(soulprint(facts=facts, memory_md=text)) for facts, text in zip(many, texts, strict=True))
    assert 0.0 < compare(one, other).score < 1.0

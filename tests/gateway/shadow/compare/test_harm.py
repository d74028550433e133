"""Harms and gains of a pair: each named, none outvoted, and none where there is no difference."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.shadow.compare.expected import Expected, expected_of
from gateway.shadow.compare.garbled import how_garbled
from gateway.shadow.compare.harm import MAX_FINDINGS, harms_of, judge_effects
from gateway.shadow.compare.model import Effects, Failure, Finding, Outcome, WriteIntent
from gateway.shadow.compare.pair import compare
from pipelines.capabilities import Capabilities
from pipelines.contract import Fact
from tests.gateway.shadow.compare.test_pair import shuffled
from tests.gateway.shadow.material import HOBBIES, OUTCOMES, fact, outcome, soulprint, with_section

SOME = settings(max_examples=60, deadline=None)
FACTS = soulprint().facts
EXTRA = ("rowing boats", "violin lessons", "tax law", "night trains", "oat porridge", "marble statues")
TEXT = "# You\n\nA nurse in Lisbon who paints, plays chess and looks after two cats.\n\n# Tone\n\nDry and short."


def effects(one: Outcome, other: Outcome, expected: Expected | None = None) -> Effects:
    return judge_effects(one, other, compare(one, other), expected or Expected())


def named(found: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.effect, finding.where) for finding in found}


@SOME
@given(OUTCOMES)
def test_a_run_does_nothing_to_its_own_user_in_whatever_order(run: Outcome) -> None:
    found = effects(run, shuffled(run))
    assert (found.harms, found.gains) == ((), ())


@SOME
@given(OUTCOMES, OUTCOMES)
def test_effects_are_bounded_and_never_raise(one: Outcome, other: Outcome) -> None:
    found = effects(one, other)
    assert len(found.harms) <= 5 * MAX_FINDINGS
    assert set(harms_of(found)) <= {"failed", "lost", "garbled", "slower"}


@SOME
@given(
    st.integers(0, len(FACTS) - 1),
    st.lists(st.sampled_from(EXTRA), unique=True),
    st.lists(st.sampled_from(["tools", "agents"])),
)
def test_a_fact_that_is_removed_is_lost_whatever_was_added(gone: int, added: list[str], sections: list[str]) -> None:
    kept = (*FACTS[:gone], *FACTS[gone + 1 :], *map(fact, added))
    more: Any = {**soulprint().sections, **{name: {"likely_usage": "all day"} for name in sections}}
    found = effects(outcome(), outcome(soulprint(facts=kept, sections=more)))
    assert ("lost", f"facts.{FACTS[gone].category}") in named(found.harms)
    assert len([gain for gain in found.gains if gain.where == "facts.interest"]) == len(added)


@SOME
@given(
    st.lists(st.sampled_from(HOBBIES), unique=True, max_size=8),
    st.lists(st.sampled_from(HOBBIES), unique=True, max_size=8),
)
def test_what_one_side_loses_the_other_finds(one: list[str], other: list[str]) -> None:
    left, right = (outcome(soulprint(facts=tuple(map(fact, side)))) for side in (one, other))
    there, back = effects(left, right), effects(right, left)
    assert {(h.where, h.words) for h in there.harms} == {(g.where, g.words) for g in back.gains}
    assert {(g.where, g.words) for g in there.gains} == {(h.where, h.words) for h in back.harms}


def told(text: str | None) -> Outcome:
    return outcome(soulprint(soulprint_text=text))


HARMED: list[tuple[str, Outcome, Outcome, set[tuple[str, str]]]] = [
    ("nothing", outcome(), outcome(), set()),
    ("other words", outcome(), outcome(soulprint(facts=(*FACTS[:-1], fact("Karaokes")))), set()),
    (
        "a fact turned round",
        outcome(),
        outcome(soulprint(facts=(*FACTS[:-1], fact("no karaoke")))),
        {("lost", "facts.interest")},
    ),
    (
        "another town",
        outcome(),
        outcome(with_section("user", "location", "Porto")),
        {("lost", "sections.user.location")},
    ),
    ("a town in full", outcome(), outcome(with_section("user", "location", "Lisbon, Portugal")), set()),
    (
        "a town lost",
        outcome(),
        outcome(with_section("user", "location", "Not enough data.")),
        {("lost", "sections.user.location")},
    ),
    (
        "an interest lost among new ones",
        outcome(),
        outcome(with_section("user", "interests", [*HOBBIES[1:6], *EXTRA])),
        {("lost", "sections.user.interests")},
    ),
    ("other humour", outcome(), outcome(with_section("soul", "humor_style", "slapstick, loud")), set()),
    (
        "a memory lost among new ones",
        outcome(),
        outcome(soulprint(memory_md="# MEMORY\n\n- " + "\n- ".join((*HOBBIES[1:], *EXTRA)))),
        {("lost", "memory_md")},
    ),
    ("MEMORY not made", outcome(), outcome(soulprint(memory_md=None)), {("lost", "memory_md")}),
    ("a part of the text gone", told(TEXT), told(TEXT.replace("# Tone\n\n", "")), {("lost", "soulprint_text")}),
    ("all capitals", told(TEXT), told(TEXT.upper()), {("garbled", "soulprint_text")}),
    ("no capitals", told(TEXT), told(TEXT.lower()), {("garbled", "soulprint_text")}),
    (
        "wrong encoding",
        told("A caf\u00e9 owner in K\u00f6ln"),
        told("A caf\u00c3\u00a9 owner in K\u00c3\u00b6ln"),
        {("garbled", "soulprint_text")},
    ),
    ("cut off", told(TEXT), told(TEXT[:60]), {("garbled", "soulprint_text"), ("lost", "soulprint_text")}),
    (
        "said again and again",
        told(TEXT),
        told(TEXT + "\n\nLikes to paint pictures." * 6),
        {("garbled", "soulprint_text")},
    ),
    ("blank", told(TEXT), told(" "), {("garbled", "soulprint_text"), ("lost", "soulprint_text")}),
    ("no text", told(TEXT), told(None), {("lost", "soulprint_text")}),
    ("messages not read", outcome(), outcome(soulprint(total_messages=170)), {("lost", "total_messages")}),
    ("more unread", outcome(), outcome(soulprint(unread_share=0.3)), {("lost", "unread_share")}),
    (
        "deletes more",
        outcome(),
        outcome(writes=(WriteIntent("conversation_chunks", 40, 0, ("old-1", "old-2", "old-3")),)),
        {("lost", "writes.conversation_chunks.deletes")},
    ),
    ("failed", outcome(), Outcome("v2", None, Failure("timed_out", "longer than 2 s")), {("failed", "result")}),
    (
        "failed on both",
        Outcome("v1", None, Failure("failed", "no")),
        Outcome("v2", None, Failure("failed", "out")),
        set(),
    ),
    ("three times as long", outcome(seconds=3.0), outcome(seconds=9.0), {("slower", "seconds")}),
    ("three times as long, not felt", outcome(seconds=0.1), outcome(seconds=0.3), set()),
    ("felt, but not much of it", outcome(seconds=30.0), outcome(seconds=35.0), set()),
]


@pytest.mark.parametrize(("one", "other", "harms"), [case[1:] for case in HARMED], ids=[case[0] for case in HARMED])
def test_a_harm_is_named(one: Outcome, other: Outcome, harms: set[tuple[str, str]]) -> None:
    assert named(effects(one, other).harms) == harms


def test_a_result_where_there_was_none_is_a_gain() -> None:
    assert named(effects(Outcome("v1", None, Failure("failed", "no")), outcome()).gains) == {("filled", "result")}


def test_a_declared_difference_is_folded_away_and_a_declared_field_can_still_be_lost() -> None:
    newer = expected_of(
        Capabilities(fields=("memory_md",), differs={"facts": "reads more", "memory_log": "MEMORY instead"})
    )
    one = outcome(soulprint(memory_log="- talked about chess"))
    other = outcome(soulprint(facts=(*FACTS[1:], fact("rowing boats")), memory_log=None, memory_md=None))
    found = effects(one, other, newer)
    assert named(found.expected) == {("found", "facts.interest"), ("lost", "memory_log")}
    assert named(found.harms) == {("lost", "facts.name"), ("lost", "memory_md")}
    assert found.gains == ()


@given(st.text(max_size=60))
@SOME
def test_no_text_is_garbled_beside_itself(text: str) -> None:
    assert how_garbled(text, text) in (None, "blank")


def test_harms_are_listed_once_the_worst_first() -> None:
    found = Effects(harms=(Finding("lost", "a"), Finding("wrong_person", "b"), Finding("lost", "c")))
    assert harms_of(found) == ["wrong_person", "lost"]
    assert harms_of(None) == []


def test_findings_are_kept_whole_up_to_a_number() -> None:
    many: tuple[Fact, ...] = FACTS
    gone = msgspec.structs.replace(soulprint(), facts=(), memory_md="# MEMORY")
    assert (
        len([h for h in effects(outcome(soulprint(facts=many)), outcome(gone)).harms if h.where != "memory_md"])
        <= MAX_FINDINGS
    )

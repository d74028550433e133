"""What one result has and the other lacks or contradicts, and the other way round; other words for it are no loss."""

from collections.abc import Mapping
from typing import Any

from gateway.shadow.compare.model import Effect, FactsVerdict, Finding
from gateway.shadow.compare.normalise import MAX_ITEMS, as_items, as_text, clean_text, is_missing, sample, words
from gateway.shadow.compare.rules import Rule, rule_for
from gateway.shadow.compare.similarity import match, near, opposed

MEMORIES = ("memory_md", "memory_log")  # documents that are lists of things to remember
COUNTED = ("total_conversations", "total_messages")
UNREAD = 0.05  # so much more of the user's text unread is a loss
KEPT_WORDS = 0.5  # a statement about the user is lost when fewer of its words are left
MAX_WORDS = 120  # characters of a sample
SHORT_WORD = 4  # letters: shorter words carry no content of their own


def facts_lost(facts: FactsVerdict) -> list[Finding]:
    """The facts that only one side has, and those that contradict each other."""
    lost = [_of_sample("lost", text) for text in facts.samples_only_one]
    lost += [
        Finding("lost", f"facts.{pair.category}", f"{pair.one} / {pair.other}") for pair in facts.samples_contradicting
    ]
    return [*lost, *(_of_sample("found", text) for text in facts.samples_only_other)]


def _of_sample(effect: Effect, text: str) -> Finding:
    category, _, value = text.partition(": ")
    return Finding(effect, f"facts.{category}", value)


def fields_lost(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Finding]:
    """The same for all other fields, by their dotted names."""
    found: list[Finding] = []
    for name in sorted(one.keys() | other.keys()):
        rule = rule_for(name)
        if name.endswith(".deletes"):
            found += _deleted(name, one.get(name, ()), other.get(name, ()))
        elif name in COUNTED:
            found += _counted(name, rule, one.get(name), other.get(name))
        elif name == "unread_share":
            found += _unread(one.get(name), other.get(name))
        elif rule.kind in ("said", "text"):
            found += _said(name, rule, one.get(name), other.get(name))
    return found


def _deleted(name: str, one: Any, other: Any) -> list[Finding]:
    """More of what the user has would be gone."""
    more = sorted(set(other) - set(one))
    return [Finding("lost", name, sample(more, MAX_WORDS))] if more else []


def _counted(name: str, rule: Rule, one: Any, other: Any) -> list[Finding]:
    left, right = _number(one), _number(other)
    if min(left, right) >= max(left, right) * (1 - rule.tolerance):
        return []
    return [Finding("lost" if right < left else "found", name, f"{left:g} / {right:g}")]


def _unread(one: Any, other: Any) -> list[Finding]:
    left, right = _number(one), _number(other)
    if abs(left - right) <= UNREAD:
        return []
    return [Finding("lost" if right > left else "found", "unread_share", f"{left:.2f} / {right:.2f}")]


def _number(value: Any) -> float:
    return min(float(value), 1e18) if isinstance(value, int | float) and value > 0 else 0.0


def _said(name: str, rule: Rule, one: Any, other: Any) -> list[Finding]:
    if is_missing(one) or is_missing(other):
        if is_missing(one) and is_missing(other):
            return []
        effect: Effect = "filled" if is_missing(one) else "lost"
        return [Finding(effect, name, sample(one if effect == "lost" else other, MAX_WORDS))]
    if name in MEMORIES:
        return _items(name, items_of_document(one), items_of_document(other))
    if not (isinstance(one, str) and isinstance(other, str)):
        return _items(name, as_items(one), as_items(other))
    return _statement(name, rule, one, other)


def _items(name: str, one: list[str], other: list[str]) -> list[Finding]:
    """Items in any order: those without a counterpart in other words, and those that are denied."""
    equal = set(one) & set(other)
    left, right = sorted(set(one) - equal), sorted(set(other) - equal)
    lost, gained = set(left), set(right)
    for a, b in match(left, right):
        gained.discard(b)
        if not opposed(a, b):
            lost.discard(a)
    pairs: tuple[tuple[Effect, set[str]], ...] = (("lost", lost), ("found", gained))
    found: list[Finding] = [
        Finding(effect, name, item[:MAX_WORDS]) for effect, items in pairs for item in sorted(items)
    ]
    return found or ([Finding("style", name)] if left or right else [])


def items_of_document(text: Any) -> list[str]:
    """The lines of a document that say something, cleaned; headings only arrange them."""
    lines = (clean_text(line.strip().lstrip("-*• ")) for line in as_text(text).splitlines() if not line.startswith("#"))
    return sorted({line for line in lines if line})[:MAX_ITEMS]


def _statement(name: str, rule: Rule, one: str, other: str) -> list[Finding]:
    left, right = clean_text(one), clean_text(other)
    if left == right:
        return []
    if rule.kind == "text":
        gone = sorted(headings(one) - headings(other))
        return [Finding("lost", name, heading[:MAX_WORDS]) for heading in gone] or [Finding("style", name)]
    alike = near(left, right)
    contradicts = opposed(left, right) if alike else rule.single
    of_user = name.startswith("sections.user.")
    if contradicts or (of_user and not alike and _kept(left, right) < KEPT_WORDS):
        return [Finding("lost", name, f"{sample(one, MAX_WORDS // 2)} / {sample(other, MAX_WORDS // 2)}")]
    return [Finding("style", name)]


def headings(text: str) -> set[str]:
    """The parts that a document says it has."""
    return {clean_text(line.strip("# ")) for line in text.splitlines() if line.startswith("#")}


def _kept(one: str, other: str) -> float:
    """The share of the one's longer words that the other says too."""
    said = {word for word in words(one) if len(word) >= SHORT_WORD}
    return len(said & set(words(other))) / len(said) if said else 1.0

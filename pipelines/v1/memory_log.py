"""The memory log: what the user said about themselves, by day, newest first."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from pipelines.contract import Fact, Passage
from pipelines.history.chunking.piece import UNTITLED, moment
from pipelines.memory.told import day_of

ENTRIES = 200
WORDS = {"life_context": "life", "date": "date", "belief": "belief"}


def write_memory_log(facts: Sequence[Fact], samples: Sequence[Passage], now: datetime) -> str:
    """A Markdown log of at most ENTRIES facts, grouped by the conversation that they come from."""
    by_conversation: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts[:ENTRIES]:
        by_conversation[fact.conversation_id].append(fact)
    seen = {p.conversation_id: p for p in reversed(samples)}
    lines = ["# Memory log", ""]
    if not by_conversation:
        return "\n".join([*lines, "_Nothing that is worth remembering was said yet._", ""])
    lines += [f"_From the {len(seen)} most recent conversations, newest first._", ""]
    for found in sorted(by_conversation.values(), key=_newest_first):
        passage = seen.get(found[0].conversation_id)
        lines += [_heading(found, passage, now), "", *(_entry(fact) for fact in sorted(found, key=_said_order)), ""]
    return "\n".join(lines)


def _newest_first(facts: list[Fact]) -> tuple[float, str]:
    return (-max(fact.time or 0.0 for fact in facts), facts[0].conversation_id)


def _said_order(fact: Fact) -> tuple[float, str, str]:
    return (fact.time or 0.0, fact.category, fact.value)


def _heading(facts: list[Fact], passage: Passage | None, now: datetime) -> str:
    time = passage.time if passage and passage.time is not None else facts[0].time
    title = (passage.title if passage else "").strip() or UNTITLED
    day = "Undated" if time is None else f"{moment(time, now).astimezone(UTC):%Y-%m-%d}"
    return f"## {day} · {title}"


def _entry(fact: Fact) -> str:
    detail = f" ({fact.detail})" if fact.detail else ""
    return f"- **{WORDS.get(fact.category, fact.category)}:** {fact.value}{detail}{_marks(fact)}"


def _marks(fact: Fact) -> str:
    """Until when it was so, and that this import did not read it."""
    until = f"until {day_of(fact.ended)}" if fact.ended is not None else ""
    marks = [mark for mark in (until, "from an earlier import" if fact.earlier else "") if mark]
    return f" [{'; '.join(marks)}]" if marks else ""

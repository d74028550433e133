"""AGENTS: how an assistant should behave with this user."""

from typing import Any

from pipelines.contract import NOT_ENOUGH
from pipelines.language.embedded.writing.sections.evidence import Evidence
from pipelines.language.embedded.writing.wording import sentence_of
from pipelines.work import late_patterns as re


def agents_section(evidence: Evidence) -> dict[str, Any]:
    """The fields of `agents`."""
    wishes = evidence.wishes()
    return {
        "response_style": _response_style(evidence, wishes),
        "behavioral_rules": [wish for wish in wishes if not _forbids(wish)],
        "context_adaptation": _adaptation(evidence),
        "memory_directives": _directives(evidence),
        "do_not": [
            wish
            for wish in evidence.values("preference", 60)
            if _forbids(wish) and (wish in wishes or wish.startswith("never "))
        ][:12],
    }


def _forbids(wish: str) -> bool:
    return wish.lower().startswith(("never ", "no ", "dislikes ", "avoid", "not ", "don't ", "skip "))


def _response_style(evidence: Evidence, wishes: list[str]) -> str:
    if wishes:
        return sentence_of("; ".join(wishes[:4])) + "."
    if not evidence.counted:
        return NOT_ENOUGH
    words = evidence.words_per_message
    if evidence.share("code") > 0.3:
        return "Lead with working code, explain briefly."
    return (
        "Short and direct, like the user's own messages."
        if words < 20
        else "Full answers: the user writes in detail."
        if words > 80
        else "Medium length, to the point."
    )


def _adaptation(evidence: Evidence) -> str:
    parts = []
    if evidence.values("occupation", 1):
        parts.append(f"assume the background of: {evidence.first('occupation')}")
    if evidence.values("location", 1):
        parts.append(f"use local context for {evidence.first('location')}")
    health = [value for value in evidence.values("life_context", 40) if value.startswith("allergic")]
    diet = [
        value
        for value in evidence.values("preference", 60)
        if value.startswith(("no ", "avoids ")) and value not in evidence.wishes()
    ]
    if health or diet:
        parts.append("mind: " + ", ".join([*health, *diet][:4]))
    return sentence_of("; ".join(parts) + ".") if parts else NOT_ENOUGH


_THIRD = re.compile(r"(plan|aim|hope)s (?=to |on )")


def _followed_up(commitment: str) -> str:
    """ "follow up: they plan to visit Oslo", "follow up on: booked a flight"."""
    told = _THIRD.match(commitment)
    return f"follow up: they {told[1]} {commitment[told.end() :]}" if told else f"follow up on: {commitment}"


def _directives(evidence: Evidence) -> list[str]:
    """What is worth bringing up again: open commitments, dates and projects."""
    found = [
        f"follow up on their {value}" if ": " in value else _followed_up(value)
        for value in evidence.values("commitment", 4)
    ]
    found += [f"remember the date: {value}" for value in evidence.values("date", 4)]
    return found + [f"ask about the project: {value}" for value in evidence.values("project", 4)]

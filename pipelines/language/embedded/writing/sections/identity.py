"""IDENTITY: the assistant's name, archetype, vibe, emoji use and greeting, each from evidence."""

from typing import Any

from pipelines.contract import NOT_ENOUGH, Category
from pipelines.language.embedded.writing.sections.evidence import Evidence
from pipelines.language.embedded.writing.wording import sentence_of
from pipelines.memory.wishes import CALLS_YOU

_ARCHETYPES: tuple[tuple[str, str, Category | str], ...] = (
    ("Builder", "makes things", "project"),
    ("Strategist", "decides and plans", "decision"),
    ("Planner", "keeps promises and dates", "commitment"),
    ("Thinker", "has convictions", "belief"),
    ("Enthusiast", "has many interests", "interest"),
    ("Companion", "lives among close people", "relationship"),
    ("Engineer", "brings code and technical questions", "code"),
    ("Wordsmith", "writes and revises texts", "topic_writing"),
    ("Learner", "asks to understand", "topic_learning"),
    ("Seeker", "asks for advice", "topic_advice"),
    ("Organiser", "plans and schedules", "topic_planning"),
)
_MANY = 4  # facts of a kind, below which it names the archetype, but says nothing like "many"
_ADJECTIVES = (
    ("playful", "humour", 0.04),
    ("spirited", "exclamations", 0.3),
    ("courteous", "polite", 0.3),
    ("curious", "questions", 0.5),
    ("easy-going", "slang", 0.12),
    ("plain-spoken", "short_messages", 0.5),
    ("thorough", "long_messages", 0.3),
)


def identity_section(evidence: Evidence) -> dict[str, Any]:
    """The fields of `identity`."""
    archetype, reason = _archetype(evidence)
    return {
        "ai_name": _ai_name(evidence),
        "archetype": archetype,
        "vibe": _vibe(evidence, reason),
        "emoji_style": _emojis(evidence),
        "signature_greeting": _greeting(evidence),
    }


def _ai_name(evidence: Evidence) -> str:
    named = [value for value in evidence.values("preference", 99) if value.startswith(CALLS_YOU)]
    return named[0].removeprefix(CALLS_YOU) if named else NOT_ENOUGH


def _archetype(evidence: Evidence) -> tuple[str, str]:
    """The strongest kind of evidence names the archetype; an adjective from counts colours it."""
    scores = [(_weight(evidence, source), name, reason) for name, reason, source in _ARCHETYPES]
    weight, name, reason = max(scores, key=lambda score: score[0])
    if weight < 2:
        return NOT_ENOUGH, ""
    adjective = next(
        (word for word, mark, least in _ADJECTIVES if evidence.counted and evidence.share(mark) >= least), ""
    )
    return f"The {adjective.title() + ' ' if adjective else ''}{name}", reason if weight >= _MANY else ""


def _weight(evidence: Evidence, source: str) -> float:
    facts = sum(1 for fact in evidence.facts if fact.category == source)
    return float(facts) if facts else 12 * evidence.share(source) if evidence.counted else 0.0


def _vibe(evidence: Evidence, reason: str) -> str:
    words = [word for word, mark, least in _ADJECTIVES if evidence.counted and evidence.share(mark) >= least][:3]
    about = [value for value in evidence.values("interest", 4) if not value.startswith("wants ")][:2]
    if not words and not reason:
        return NOT_ENOUGH
    tone = sentence_of(", ".join(words)) if words else "Even-toned"
    topic = f"; fond of {' and '.join(about)}" if about else ""
    return f"{tone}; {reason}{topic}." if reason else f"{tone}{topic}."


def _emojis(evidence: Evidence) -> str:
    wish = next((value for value in evidence.wishes() if "emoji" in value.lower()), "")
    if wish:
        return wish[:1].upper() + wish[1:] + " (asked for)."
    if not evidence.counted:
        return NOT_ENOUGH
    rate = evidence.share("emojis")
    return (
        "Uses none: answer without."
        if rate == 0
        else "Uses them rarely: sparingly."
        if rate < 0.1
        else "Uses them often: welcome."
    )


def _greeting(evidence: Evidence) -> str:
    greetings = sorted(
        ((count, name) for name, count in evidence.style.items() if name.startswith("greeting_")),
        key=lambda entry: (-entry[0], entry[1]),
    )
    name = evidence.first("name")
    if not greetings and name == NOT_ENOUGH:
        return NOT_ENOUGH
    word = greetings[0][1].removeprefix("greeting_").replace("_", " ").capitalize() if greetings else "Hi"
    return f"{word}!" if name == NOT_ENOUGH else f"{word} {name}!"

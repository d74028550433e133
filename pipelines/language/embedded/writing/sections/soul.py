"""SOUL: how the user writes and wants to be spoken to."""

from typing import Any

from pipelines.contract import NOT_ENOUGH
from pipelines.language.embedded.writing.sections.evidence import Evidence
from pipelines.language.embedded.writing.wording import sentence_of

_FEELINGS = {
    "feeling_joy": "speaks openly of joy and excitement",
    "feeling_worry": "mentions worry or stress",
    "feeling_anger": "says so when something frustrates",
    "feeling_sad": "mentions sadness or loss",
}


def soul_section(evidence: Evidence) -> dict[str, Any]:
    """The fields of `soul`."""
    return {
        "communication_style": _communication(evidence),
        "personality_traits": _traits(evidence),
        "tone_preferences": _tone(evidence),
        "boundaries": [
            value for value in evidence.values("preference", 60) if value.startswith(("never ", "no ", "avoids "))
        ][:10],
        "humor_style": _humour(evidence),
        "formality_level": formality(evidence),
        "emotional_patterns": _feelings(evidence),
    }


def _communication(evidence: Evidence) -> str:
    if not evidence.counted:
        return NOT_ENOUGH
    words = evidence.words_per_message
    length = (
        "in very short messages"
        if words < 12
        else "in short messages"
        if words < 30
        else "in full paragraphs"
        if words < 90
        else "at length"
    )
    parts = [f"Writes {length} (about {round(words)} words each)"]
    if evidence.share("questions") > 0.5:
        parts.append("mostly asks questions")
    elif evidence.share("questions") < 0.2:
        parts.append("mostly states or instructs, seldom asks")
    if evidence.share("lower_starts") > 0.5:
        parts.append("often starts without a capital")
    if evidence.share("code") > 0.25:
        parts.append("often shares code or technical detail")
    if evidence.share("exclamations") > 0.25:
        parts.append("uses exclamation marks freely")
    return "; ".join(parts) + "."


def _traits(evidence: Evidence) -> list[str]:
    """Habits of writing that counts show; no traits are guessed beyond them."""
    if not evidence.counted:
        return []
    rules = (
        ("polite", evidence.share("polite") > 0.3),
        ("inquisitive", evidence.share("questions") > 0.5),
        ("expressive", evidence.share("exclamations") > 0.3 or evidence.share("emojis") > 0.2),
        ("playful", evidence.share("humour") > 0.05),
        ("concise", evidence.words_per_message < 15),
        ("thorough", evidence.words_per_message > 80),
        ("technical", evidence.share("code") > 0.3),
        ("decisive", len(evidence.values("decision", 99)) >= 5),
        ("forward-planning", len(evidence.values("commitment", 99)) >= 5),
        ("family-minded", len(evidence.values("relationship", 99)) >= 3),
        ("principled", len(evidence.values("belief", 99)) >= 4),
        ("many-sided in interests", len(evidence.values("interest", 99)) >= 8),
    )
    return [name for name, holds in rules if holds]


def _tone(evidence: Evidence) -> str:
    wishes = evidence.wishes()
    if wishes:
        return "Asked for: " + "; ".join(wishes[:5]) + "."
    return NOT_ENOUGH  # how the user writes is told under formality


def _humour(evidence: Evidence) -> str:
    if not evidence.counted:
        return NOT_ENOUGH
    marks = evidence.share("humour") + evidence.share("emoticons")
    if marks > 0.1:
        return "Light and frequent: laughs in writing."
    return "Occasional laughter or smileys." if marks > 0.01 else NOT_ENOUGH


def formality(evidence: Evidence) -> str:
    """Casual, neutral or formal, with what was counted."""
    if not evidence.counted:
        return NOT_ENOUGH
    casual = (
        evidence.share("slang")
        + evidence.share("lower_starts") / 2
        + evidence.share("contractions") / 2
        + evidence.share("humour")
    )
    formal = evidence.share("polite")
    if casual > 0.45 and casual > formal:
        return "Casual: contractions, lower-case starts or slang are common."
    if formal > 0.35 and casual < 0.25:
        return "Polite and rather formal."
    return "Neutral."


def _feelings(evidence: Evidence) -> str:
    found = [
        text for name, text in _FEELINGS.items() if evidence.style.get(name, 0) >= 2 and evidence.share(name) >= 0.02
    ]
    if not found:
        return NOT_ENOUGH
    return sentence_of(", ".join(found[:3]) + ".")

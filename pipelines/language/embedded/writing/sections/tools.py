"""TOOLS: what the user is likely to use an assistant for."""

from typing import Any

from pipelines.contract import NOT_ENOUGH
from pipelines.language.embedded.writing.sections.evidence import Evidence

_USES = (
    ("code", "programming and technical help"),
    ("topic_writing", "writing and revising texts"),
    ("topic_learning", "explanations and learning"),
    ("topic_advice", "advice and ideas"),
    ("topic_planning", "planning and organising"),
)
_EMPHASIS = {
    "code": "code and debugging",
    "topic_writing": "editing and drafting",
    "topic_learning": "clear explanations",
    "topic_advice": "weighing options",
    "topic_planning": "plans and checklists",
}


def tools_section(evidence: Evidence) -> dict[str, Any]:
    """The fields of `tools`."""
    used = _used(evidence)
    return {
        "likely_usage": [text for name, text in _USES if name in used],
        "capabilities_emphasis": [_EMPHASIS[name] for name in used[:3]],
        "output_preferences": evidence.wishes() or NOT_ENOUGH,
        "depth_preference": _depth(evidence),
    }


def _used(evidence: Evidence) -> list[str]:
    """Kinds of use seen in at least one message in ten, most frequent first."""
    if not evidence.counted:
        return []
    shares = [(evidence.share(name), name) for name, _ in _USES]
    return [name for amount, name in sorted(shares, key=lambda entry: (-entry[0], entry[1])) if amount >= 0.1]


def _depth(evidence: Evidence) -> str:
    wishes = " ".join(evidence.wishes()).lower()
    if any(word in wishes for word in ("short", "brief", "concise", "terse", "succinct")):
        return "Brief (asked for)."
    if any(word in wishes for word in ("detail", "depth", "thorough", "step", "long")):
        return "Detailed (asked for)."
    if not evidence.counted:
        return NOT_ENOUGH
    words = evidence.words_per_message
    return (
        "Brief: the user writes briefly."
        if words < 20
        else "Detailed: the user writes in detail."
        if words > 80
        else "Moderate."
    )

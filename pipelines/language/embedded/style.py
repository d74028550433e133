"""Counts how the user writes; every count adds up over messages."""

import re
from collections.abc import Mapping

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2764]")
_EMOTICON = re.compile(r"(?<!\w)[:;]-?[)DPp(]|<3|\bxd\b")
_POLITE = re.compile(r"\b(?:please|thanks|thank you|could you|would you|appreciate|kindly|sorry)\b", re.IGNORECASE)
_HUMOUR = re.compile(r"\b(?:lol|lmao|rofl|haha\w*|hehe\w*|jk|just kidding)\b|😂|🤣|😄|😅", re.IGNORECASE)
_CONTRACTION = re.compile(r"\b\w+['’](?:m|re|ve|ll|d|s|t)\b|\b(?:dont|cant|im|ive|wont)\b", re.IGNORECASE)
_GREETING = re.compile(r"\s*(hi|hello|hey|good (?:morning|evening|afternoon)|greetings|yo|howdy|hiya)\b", re.IGNORECASE)
_FEELING = re.compile(
    r"\b(?:(?P<worry>worried|anxious|nervous|stressed|scared|afraid|overwhelmed)|(?P<joy>happy|excited|glad|thrilled|grateful|proud|can't wait)"
    r"|(?P<anger>angry|annoyed|frustrat\w+|furious|hate it)|(?P<sad>sad|lonely|depressed|upset|heartbroken|grieving|miss (?:him|her|them)))\b",
    re.IGNORECASE,
)
_SLANG = re.compile(
    r"\b(?:gonna|wanna|gotta|kinda|ya|u|ur|thx|pls|plz|omg|btw|idk|tbh|yeah|nah|cool|dude|bro)\b", re.IGNORECASE
)
_CODE = re.compile(
    r"```|\bdef \w+\(|\bfunction\b|\bimport \w|SELECT .+ FROM|\bconsole\.|Traceback|\bregex\b|\bAPI\b|\bpython\b|\bjavascript\b",
    re.IGNORECASE,
)
_TOPICS = {
    "topic_writing": re.compile(
        r"\b(?:essay|email|letter|write|rewrite|draft|blog|story|poem|proofread|article|caption)\b", re.IGNORECASE
    ),
    "topic_learning": re.compile(
        r"\b(?:explain|what is|what are|how does|why does|difference between|learn|understand|teach me)\b",
        re.IGNORECASE,
    ),
    "topic_advice": re.compile(r"\b(?:should i|advice|recommend\w*|suggest\w*|what would you|ideas?)\b", re.IGNORECASE),
    "topic_planning": re.compile(r"\b(?:plan|schedule|itinerary|budget|organi[sz]e|checklist|steps)\b", re.IGNORECASE),
}
_SAMPLE = 4000  # characters of one message that are counted


def count_style(text: str) -> dict[str, float]:
    """Counts over one message of the user."""
    sample = text[:_SAMPLE]
    first = next((character for character in sample if character.isalpha()), "")
    counts: dict[str, float] = {
        "messages": 1,
        "chars": len(text),
        "words": len(sample.split()),
        "sentences": max(1, sample.count(". ") + sample.count("? ") + sample.count("! ") + 1),
        "questions": float("?" in sample),
        "exclamations": float("!" in sample),
        "emojis": 0 if sample.isascii() else len(_EMOJI.findall(sample)),
        "lower_starts": float(first.islower()),
        "short_messages": float(len(sample) < 60),
        "long_messages": float(len(text) > 600),
        "code": float(bool(_CODE.search(sample))),
        "polite": float(bool(_POLITE.search(sample))),
        "contractions": float(bool(_CONTRACTION.search(sample))),
        "slang": float(bool(_SLANG.search(sample))),
        "humour": float(bool(_HUMOUR.search(sample))),
        "emoticons": float(bool(_EMOTICON.search(sample))),
    }
    greeting = _GREETING.match(sample)
    if greeting:
        counts["greetings"] = 1
        counts[f"greeting_{greeting.group(1).lower().replace(' ', '_')}"] = 1
    feeling = _FEELING.search(sample)
    if feeling:
        counts[f"feeling_{feeling.lastgroup}"] = 1
    for name, pattern in _TOPICS.items():
        if pattern.search(sample[:600]):
            counts[name] = 1
    return {name: count for name, count in counts.items() if count}


def add_counts(total: dict[str, float], counts: Mapping[str, float]) -> None:
    """Add `counts` to `total` in place."""
    for name, count in counts.items():
        total[name] = total.get(name, 0.0) + count


def share(style: Mapping[str, float], name: str) -> float:
    """How many of the user's messages show `name`, 0 to 1."""
    return style.get(name, 0.0) / style.get("messages", 0.0) if style.get("messages") else 0.0

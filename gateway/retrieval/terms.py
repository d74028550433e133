"""The words of a question that are worth searching for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST_WORDS = 16
READ_CHARACTERS = 4_000  # of a question; what comes later hardly changes what it is about
_WORD = re.compile(r"[^\W_]{2,40}")
_ENDINGS = ("ing", "ies", "ed", "es", "s", "e", "y")
_SHORTEST_STEM = 4
_COMMON = frozenset(
    {
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "before", "but", "by", "can",
        "could", "did", "do", "does", "else", "ever", "for", "from", "get", "had", "has", "have", "he", "her", "him",
        "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "know", "like", "me", "mine", "more",
        "most", "my", "no", "not", "of", "on", "or", "our", "out", "over", "remember", "said", "say", "says", "she",
        "should", "so", "some", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "thing", "things", "this", "those", "to", "told", "too", "up", "us", "very", "was", "we", "were", "what",
        "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
    }
)  # fmt: skip


def words_of(question: str) -> tuple[str, ...]:
    """Its telling words, in small letters, each once, in order."""
    words = (word.lower() for word in _WORD.findall(question[:READ_CHARACTERS]))
    return tuple(dict.fromkeys(word for word in words if word not in _COMMON))[:MOST_WORDS]


def stem(word: str) -> str:
    """How all forms of a word begin: `paint` for "painting"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def asked(message: str, history: Sequence[Mapping[str, Any]]) -> str:
    """What to search for: the message, or with the user's turn before it where the message alone names nothing."""
    if words_of(message):
        return message
    turns = (turn.get("content") for turn in reversed(history) if turn.get("role") == "user")
    return next((f"{turn}\n{message}" for turn in turns if isinstance(turn, str) and words_of(turn)), message)

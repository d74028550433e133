"""The words of a question that are worth searching for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST_WORDS = 16
READ_CHARACTERS = 4_000  # of a question; what comes later hardly changes what it is about
# Marks that stand on a letter belong to its word: vowels of Hindi, Hebrew, Arabic, Thai, and the like.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}]){{2,40}}")
_RUN = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
# Written without blanks: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[\x00-\u024f\u1e00-\u1eff]*")
_PREFIXING = re.compile(r"[\u0590-\u06ff]")  # Hebrew and Arabic write "in", "and" and "the" into the word
_BEHIND_A_PREFIX = 4  # letters: of a word so long, what follows the first may be the word itself
MOST_PIECES = 24
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


def pieces_of(question: str) -> tuple[str, ...]:
    """What to look for inside of words, since an index of words does not know these: pairs of signs of scripts that are
    written without blanks, and words of other scripts, which may carry a prefix. None for a question in Latin letters.
    """
    pieces: list[str] = []
    for word in _RUN.findall(question[:READ_CHARACTERS].lower()):
        if _LATIN.fullmatch(word):
            continue
        runs = _UNSPACED.findall(word)
        for run in runs:
            pieces += [run[at : at + 2] for at in range(len(run) - 1)]
        if not runs and len(word) > 1:
            prefixed = len(word) >= _BEHIND_A_PREFIX and _PREFIXING.match(word)
            pieces += [word, word[1:]] if prefixed else [word]
    return tuple(dict.fromkeys(pieces))[:MOST_PIECES]


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

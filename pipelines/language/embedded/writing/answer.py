"""Answers a question by quoting what fits it best; it never makes up an answer."""

from collections.abc import Sequence

from pipelines.language.embedded.grammar.words import word_set
from pipelines.work import late_patterns as re

_WORD = re.compile(r"[^\W_]{2,}")
_COMMON = word_set(
    "the and for you your with that this what when where who how why did does was were are have has had can could "
    "would should about from tell know remember said say ever mine our its not any some there their they them then "
    "than will just like is my me do to of in on at it an"
)


def quote_answer(question: str, profile: str, passages: Sequence[str], most: int = 3) -> str:
    """The best matching lines of the profile and passages, quoted, with a sentence that says so."""
    wanted = _words(question)
    lines = [line.strip(" -*#") for text in (profile, *passages) for line in re.split(r"\n+|(?<=[.!?])\s+", text)]
    scored = [(_score(wanted, line), -index, line[:300]) for index, line in enumerate(lines) if len(line) > 2]
    best = sorted((entry for entry in scored if entry[0] > 0), reverse=True)
    quotes: list[str] = []
    for _, _, line in best:
        if line not in quotes:
            quotes.append(line)
        if len(quotes) == most:
            break
    if not quotes:
        return "I found nothing about that in your memories."
    return "Quoting from your own memories:\n\n" + "\n".join(f"> {line}" for line in quotes)


def _words(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON}


def _score(wanted: set[str], line: str) -> float:
    have = _words(line)
    shared = len(wanted & have)
    return shared + shared / (len(have) + 4) if shared else 0.0


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word

"""How a value is worded in a document about the user: of them, not by them."""

from pipelines.work import late_patterns as re

_OWN = re.compile(r"\b(?:my|our)\b", re.IGNORECASE)
_ME = re.compile(r"\b(to|for|with|than|about|from|by) me\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:myself|ourselves)\b", re.IGNORECASE)


def sentence_of(text: str) -> str:
    """With a capital to begin with, and every other letter as it is: a name keeps its own."""
    return text[:1].upper() + text[1:]


def of_them(value: str) -> str:
    """What the user said of their own things, told by somebody else: "my first marathon" is "their first marathon"."""
    return _ME.sub(r"\1 them", _SELF.sub("themselves", _OWN.sub("their", value)))

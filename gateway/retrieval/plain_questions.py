"""Plain questions about the person, answered from the fields of their profile: name, home, work, interests, people."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pipelines.contract import NOT_ENOUGH

_LONGEST: Final = 120  # characters of a plain question
_SPACE: Final = re.compile(r"\s+")
_LEAD: Final = (
    r"^(?:(?:hi|hey|hello|so|and|ok|okay|please|again|remind me|tell me|do you (?:know|remember)|can you tell me),? )*"
)
_TAIL: Final = r"(?: (?:again|now|nowadays|these days|currently|at the moment|right now|exactly|please|today))*$"
# Field of the section about the user -> the questions that ask for it and for nothing else.
_ASKED: Final[Mapping[str, str]] = {
    "name": (
        r"(?:what(?:'s| is)|say)? ?my (?:first |full |own )?name(?: is)?|who (?:am i|i am)|what (?:am i|i am) called"
    ),
    "location": (
        r"where (?:do i|i) (?:live|reside)|where am i (?:living|based|from|located)|where (?:is|'s) my home"
        r"|(?:what|which) (?:city|town|country|place|village) (?:do i live in|am i (?:living|based) in)"
        r"|my (?:home|location)"
    ),
    "occupation": (
        r"what (?:do i|i) do(?: for (?:a living|my living|work|a job)| professionally| as a job)?"
        r"|(?:what(?:'s| is) )?my (?:job|occupation|profession|work|trade|career|job title)(?: is)?"
        r"|what (?:do i|i) work (?:as|in)|what (?:work|job) (?:do i|i) (?:do|have)"
        r"|how (?:do i|i) (?:earn|make) (?:a|my) living"
    ),
    "interests": (
        r"what (?:are |kind of )?my (?:hobbies|interests|pastimes|passions)(?: are)?|what am i interested in"
        r"|what (?:do i|i) (?:like|love|enjoy) (?:doing|to do)(?: for fun| in my (?:free|spare) time)?"
        r"|what (?:do i|i) do (?:for fun|in my (?:free|spare) time)|(?:what|which) hobbies do i have"
        r"|my (?:hobbies|interests)"
    ),
    "relationships": r"who (?:is|are) (?:in )?my (?:family|friends|relatives|people)|my family",
    "preferred_address": (
        r"(?:how|what) (?:should|do|may|can) (?:you|i) (?:call|address) me|what (?:should|do) you call me"
    ),
}
_PATTERNS: Final = {field: re.compile(_LEAD + f"(?:{asked})" + _TAIL) for field, asked in _ASKED.items()}


def plain_answer(question: str, soulprint: Mapping[str, Any] | None) -> str | None:
    """The field that the question asks for, quoted; None for another question, or where the field says nothing."""
    field = asked_field(question)
    user = (soulprint or {}).get("user")
    if field is None or not isinstance(user, Mapping):
        return None
    value = user.get(field)
    lines = [_line(item) for item in (value if isinstance(value, list) else [value])]
    told = [line for line in lines if line]
    if not told:
        return None
    return f"Quoting from your profile:\n\n> {field.replace('_', ' ').capitalize()}: {', '.join(told)}"


def asked_field(question: str) -> str | None:
    """Which field a question asks for."""
    if len(question) > _LONGEST:
        return None
    plain = _SPACE.sub(" ", question.replace("\u2019", "'").casefold()).strip(" ?!.")
    return next((field for field, pattern in _PATTERNS.items() if pattern.search(plain)), None)


def _line(value: Any) -> str:
    if isinstance(value, Mapping):
        first, *rest = [str(part) for part in value.values() if part] or [""]
        return f"{first} ({', '.join(rest)})" if rest else first
    text = value.strip() if isinstance(value, str) else ""
    return "" if text.casefold().rstrip(".") == NOT_ENOUGH else text

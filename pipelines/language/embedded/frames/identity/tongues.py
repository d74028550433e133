"""The user's mother tongue: "Spanish is my mother tongue", "English isn't my first language"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.stating import is_stated
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

TONGUE_WORDS = frozenset(["tongue", "language"])
_LANGUAGES = alternatives(
    "english spanish french german italian portuguese dutch danish swedish norwegian finnish polish czech slovak "
    "hungarian romanian bulgarian greek turkish russian ukrainian lithuanian latvian estonian serbian croatian bosnian "
    "slovene slovenian albanian macedonian georgian armenian farsi persian dari pashto kurdish arabic hebrew amharic "
    "tigrinya somali swahili kikuyu luo luganda kinyarwanda yoruba igbo hausa twi zulu xhosa shona afrikaans hindi "
    "urdu punjabi bengali gujarati marathi tamil telugu kannada malayalam sinhala nepali chinese mandarin cantonese "
    "hokkien japanese korean vietnamese thai khmer burmese tagalog filipino cebuano ilocano indonesian malay "
    "javanese catalan galician basque welsh irish gaelic scottish_gaelic icelandic maltese yiddish mongolian kazakh "
    "uzbek quechua guarani"
)
_MINE = r"my (?:mother tongue|native (?:language|tongue)|first language)"
_IS = re.compile(rf"\b({_LANGUAGES}) (?:is|was|being) {_MINE}\b", re.IGNORECASE)
_IS_NOT = re.compile(
    rf"\b({_LANGUAGES}) (?:is not|isn't|isnt|is only my second language, not|not being) {_MINE}\b|"
    rf"\b{_MINE} (?:is not|isn't|isnt) ({_LANGUAGES})\b",
    re.IGNORECASE,
)
_IS_SECOND = re.compile(
    rf"\b({_LANGUAGES}) (?:is|being) (?:only |actually )?my (?:second|third) language\b", re.IGNORECASE
)
_TOLD = (
    (_IS, "mother tongue: {}"),
    (_IS_NOT, "{} is not the mother tongue"),
    (_IS_SECOND, "{} as a second language"),
)


def tongue(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    """`said` is what a sentence states, `task` its order, if any."""
    for pattern, told in _TOLD:
        found = pattern.search(said)
        if found and is_stated(said, found.start(), task):
            name = " ".join(word.capitalize() for word in next(filter(None, found.groups())).split())
            yield Candidate("life_context", told.format(name))

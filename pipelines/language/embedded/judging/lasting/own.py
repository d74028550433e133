"""Whether what a message states is the user's own word, for more than this message."""

import re

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.lasting.wishes import stands

LONG_MESSAGE = 800  # characters; of a longer one, mostly pasted, only the beginning is the user's own word
OWN_BEGINNING = 400
BESIDE_A_WISH = 24  # characters: "Hi! Keep it brief, please. Thanks"


_QUOTES = ('"', "\u201c")
_OF_A_PAPER = re.compile(r"\W*in this (?:section|paper|article|chapter|study|post|video|report|blog)\b", re.IGNORECASE)
_SHOWN = re.compile(r"\bthis (?:part|line|sentence|bit|paragraph|bullet|section)\s?:", re.IGNORECASE)


def is_own(candidate: Candidate, text: str, start: int, end: int) -> bool:
    """Whether the user speaks for more than this message: nothing pasted, no wish that belongs to one task."""
    shown = text.find(":", start, end) >= 0 and _SHOWN.search(text, start, end)
    if shown or text[max(0, start - 1) : start + 1].strip()[:1] in _QUOTES:
        return False
    if _OF_A_PAPER.match(text, start):
        return False
    if len(text) > LONG_MESSAGE and (start > OWN_BEGINNING or candidate.category == "name"):
        return False
    alone = len(text.strip()) - (end - start) <= BESIDE_A_WISH
    return candidate.category != "preference" or stands(candidate, text[start:end], alone=alone)

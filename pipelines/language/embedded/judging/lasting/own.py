"""Whether what a message states is the user's own word, for more than this message."""

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import word_set, words_in
from pipelines.language.embedded.judging.lasting.wishes import stands
from pipelines.language.embedded.others.pastes import LONG_MESSAGE, is_beginning
from pipelines.work import late_patterns as re

_BESIDE_A_WISH = word_set(  # "Hi! Keep it brief, please. Thanks"
    "hi hello hey there chat chatgpt gpt please pls thanks thank you so much ok okay sure great good perfect nice cool "
    "well now also and but yes no sorry btw oh just one more thing remember all everyone morning evening afternoon "
    "yep yeah lovely brilliant cheers ta cool right"
)
_LONGEST_WISH = 240  # characters of a message in which "to me" means all answers; a longer one sets a task


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
    if len(text) > LONG_MESSAGE and (candidate.category == "name" or not is_beginning(text, start)):
        return False
    if _is_of_any_of_us(candidate, text, start, end) or _declines(candidate, text):
        return False
    if candidate.category != "preference":
        return True
    alone = _BESIDE_A_WISH.issuperset(words_in(text[:start])) and _BESIDE_A_WISH.issuperset(words_in(text[end:]))
    return stands(candidate, text[start:end], alone=alone, short=len(text) <= _LONGEST_WISH)


_ALONE = 12  # characters beside it, of who says nothing else
_NOT_INTERESTED = re.compile(r"\bnot (?:really |very |at all )?interested in (?=[a-z]+ing\b)", re.IGNORECASE)


def _declines(candidate: Candidate, text: str) -> bool:
    """ "I don't have a picture and I'm not interested in harvesting walnuts": of what was offered, beside an answer."""
    if candidate.rule != "about.be" or "nterested in" not in text:
        return False
    found = _NOT_INTERESTED.search(text)
    beside = len(text) - (found.end() - found.start()) - len(candidate.value.removeprefix("dislikes ")) if found else 0
    return beside > _ALONE


_OF_US = ("tastes.like", "tastes.prefer", "having.having", "keen.keen")
_WE = re.compile(r"\b(?:we|we've|we're)\b", re.IGNORECASE)
_AN_I = re.compile(r"\b(?:i|i'm|i've)\b", re.IGNORECASE)
_COMPANY = word_set(
    "wife husband partner boyfriend girlfriend fiance fiancee spouse family kids kid children child son daughter "
    "parents mom mum dad sister brother friend friends both together couple baby married cousin roommate"
)


def _is_of_any_of_us(candidate: Candidate, text: str, start: int, end: int) -> bool:
    """Whether "we" like or have it, and nobody says who "we" are: "we have a huge debt burden" is said of a country,
    "we love to fly" by an airline."""
    if not candidate.rule.endswith(_OF_US) or len(text.strip()) - (end - start) <= _BARE:
        return False
    said = text[start:end]
    tail = candidate.value[-_TAIL:]
    before = said.partition(tail)[0] if tail in said else said
    return (
        _WE.search(before) is not None
        and _AN_I.search(before) is None
        and _COMPANY.isdisjoint(words_in(text[: end + _NEAR]))
    )


_TAIL = 8  # characters by which the end of a value is found again in its sentence
_NEAR = 300  # characters
_BARE = 24  # characters beside a sentence that stands alone: who says no more speaks of a household

"""Wishes for every answer, in words of one's own: "In drafts give me always two versions", "No therapist voice please".

Only a short message is read for them. A wish with a word for all time stands by itself (`kept`); one without holds only
where the message says nothing else (`alone`), because beside a task it belongs to the task.
"""

from collections.abc import Iterator, Sequence

from pipelines.language.embedded.frames.answering.wish_shapes import (
    ADDRESSED,
    ASKED,
    BE,
    BREAK,
    CLEARLY,
    CLOSING,
    CORRECTING,
    EACH_MISTAKE,
    EDGE,
    FIRST_THEN,
    FROM_HERE,
    I_WRITE,
    IN_ALL,
    IN_EACH,
    KEEP,
    LEARNING,
    MARK,
    MAY_SPEAK,
    MEASURES,
    NEVER,
    NO_OTHER,
    NOT_TOO,
    OF_ONE,
    OPENING,
    ORDER,
    PLEASE,
    SAID_BY_OTHERS,
    SO_I_AM,
    SPEAK,
    SPOKEN_FIRST,
    THIRD,
    TOPIC,
    UNIT_ALWAYS,
    VOICE,
    WHENEVER,
    WISHES_BEGIN,
    WITH_ME,
)
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import first_word, word_set, words_in

KEPT, ALONE = "lasting.kept", "lasting.alone"
LONGEST_WISH = 16  # words
LONGEST_TEXT = 180  # characters, of so many words
_SPELT = frozenset(["spelling", "spellings", "english"])
_LEARNT = word_set("learn understand get remember follow grasp")
_BEST = word_set("best better only easier faster easiest")
_CALLED = word_set("address addressed call called")


def may_wish(text: str, words: frozenset[str]) -> bool:
    """Whether a sentence with these words may hold one: it begins as one does, or is about how the user reads."""
    begins = first_word(text)
    return (
        begins in WISHES_BEGIN or begins in SPOKEN_FIRST or _is_called(words) or ("i" in words and _of_reading(words))
    )


def _is_called(words: frozenset[str]) -> bool:
    return "me" in words and not words.isdisjoint(_CALLED)


def _of_reading(words: frozenset[str]) -> bool:
    return not words.isdisjoint(_SPELT) or not (words.isdisjoint(_LEARNT) or words.isdisjoint(_BEST))


def lasting(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """`text` is one sentence of a short message, which `may_wish`."""
    if SAID_BY_OTHERS.search(text):
        return
    opening = OPENING.match(text)
    body = text[opening.end() if opening else 0 :]
    asks = text.rstrip().endswith("?")
    if asks and not ASKED.search(text[: opening.end() if opening else 0]):
        return
    if _is_called(words) and (title := ADDRESSED.match(body)):
        yield Candidate("preference", f"address me as {title.group(1)}", rule=KEPT)
        return
    if "i" in words and not asks and _of_reading(words):
        yield from _of_oneself(text, body, words)
    if first_word(body) in WISHES_BEGIN:
        yield from _for_answers(text, body, asks=asks)


def _for_answers(text: str, body: str, *, asks: bool) -> Iterator[Candidate]:
    wish = _wish(body)
    if not wish or OF_ONE.search(wish):
        return
    if rule := _kept(wish, text) if asks else _kept(wish, text) or _alone(wish, text):
        yield Candidate("preference", _without_leave(wish), rule=rule)


def _wish(body: str) -> str:
    """The words of the wish, without its reason and its thanks; "" where they run on."""
    found = BREAK.search(body, 0, LONGEST_TEXT)
    if not found and len(body) > LONGEST_TEXT:
        return ""
    wish = CLOSING.sub("", (body[: found.start()] if found else body).strip(EDGE))
    return wish if 1 < len(wish.split()) <= LONGEST_WISH else ""


def _without_leave(wish: str) -> str:
    may = MAY_SPEAK.match(wish)
    return PLEASE.sub("", may.group(1) if may else wish)


def _of_oneself(text: str, body: str, words: frozenset[str]) -> Iterator[Candidate]:
    """How the user writes, and what makes things clear to them: it holds for every answer."""
    if not words.isdisjoint(("spelling", "english", "spellings")) and (own := I_WRITE.search(body)):
        yield Candidate("preference", f"writes in {own.group(1)}", rule=KEPT)
    learns = LEARNING.match(text)
    if learns and (how := _wish(learns["how"])):
        verb, _, rest = how.partition(" ")
        yield Candidate("preference", f"{THIRD.get(verb.lower(), verb.lower() + 's')} {rest}", rule=KEPT)


def _kept(wish: str, text: str) -> str:
    """The rule of a wish that says of itself that it holds from now on."""
    marked = MARK.search(text) is not None
    scope = IN_ALL.match(wish) or WHENEVER.match(wish)
    if scope and ORDER.match(wish, scope.end()):
        whole = marked or wish.lower().startswith(IN_EACH)
        return KEPT if whole and TOPIC.search(wish, scope.end()) else ""
    if BE.match(wish):
        return KEPT if FROM_HERE.search(text) else ""
    return KEPT if _says_so(wish, text) or (marked and _is_order(wish)) else ""


def _says_so(wish: str, text: str) -> bool:
    """Whether its words tell of all answers, or of how the user is: "prose only if I ask", "I'm still learning"."""
    if any(one.match(wish) for one in (FIRST_THEN, MAY_SPEAK, WITH_ME)):
        return True
    if CORRECTING.match(wish):
        return EACH_MISTAKE.search(text) is not None
    if MEASURES.match(wish):
        return NO_OTHER.search(wish) is not None
    return any(one.match(wish) for one in (NOT_TOO, CLEARLY)) and SO_I_AM.search(text) is not None


def _is_order(wish: str) -> bool:
    ordered = ORDER.match(wish) is not None and TOPIC.search(wish) is not None
    return ordered or NEVER.match(wish) is not None or UNIT_ALWAYS.match(wish) is not None


def _alone(wish: str, text: str) -> str:
    """The rule of a wish about how to answer that sets no time."""
    if KEEP.match(wish) or VOICE.match(wish) or SPEAK.match(wish) or MEASURES.match(wish):
        return ALONE
    when = WHENEVER.match(wish)
    return ALONE if when and ORDER.match(wish, when.end()) and "say" not in text else ""


def with_wishes(found: Sequence[Candidate], wishes: Sequence[Candidate]) -> list[Candidate]:
    """`found` with wishes for every answer, in place of what says less ("address me as Mrs"), or says the same."""
    if not wishes:
        return [*found]
    held = [each for each in found if each.category == "preference"]
    named = tuple(each.value for each in found if each.category == "name")
    wishes = [wish for wish in wishes if not (named and wish.value.endswith(named))]  # "call me Captain Hook"
    kept = [_in_its_words(wish, held) for wish in wishes if wish.rule == KEPT or not held]
    return [*(each for each in found if each not in held or not any(_says_as_much(one, each) for one in kept)), *kept]


def _in_its_words(wish: Candidate, held: Sequence[Candidate]) -> Candidate:
    same = next((each for each in held if _says_as_much(each, wish)), wish)
    return wish._replace(value=same.value)


def _says_as_much(one: Candidate, other: Candidate) -> bool:
    return {*words_in(one.value), "always", "please"}.issuperset(words_in(other.value))

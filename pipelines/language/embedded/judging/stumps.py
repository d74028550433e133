"""What keeps a value of any category from standing alone: stumps of clauses, bare verbs, greetings, question tails."""

from collections.abc import Sequence
from functools import lru_cache

from pipelines.language.embedded.grammar.lexicon import ADVERBS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_WORD = re.compile(r"[\w+#&/-]+(?:'\w+)*")
_OPENERS = word_set(
    "and but or nor because cause that which who whom whose than then so also if when while though although s t re ve "
    "ll d m i i'm i've i'd i'll you you're your he he's she she's it it's its they they're we we're this these those "
    "there here what how why where someone somebody something anything everything anyone him her them his their "
    "another such even dont cant wont wouldnt couldnt shouldnt didnt doesnt isnt wasnt havent im ive of kind sort be "
    "been is are am type part instead either neither etc not_only"
)
_HELPERS = word_set("was were has have had do does did will would could should can might must")
_ENDERS = word_set(
    "the a an my our your his her its their and or but nor to of at for with by from as than that which who is are "
    "was were be been am has have had do does did will would can could should may might must not very so really just "
    "even also because if when while into i these those some any every each like no myself such both either only once "
    "find see know understand called named"
)
_SOUNDS = word_set(
    "lol lmao rofl haha hahaha hehe wow hey hi hello thanks thank yeah yep nope ok okay oh ooh aww hmm gosh omg bye "
    "goodbye welcome cheers sorry congrats congratulations yay ugh dude bro"
)
_ALONE = word_set("same true exactly absolutely sure well yes maybe perhaps definitely welcome damn cool awesome")
_QUESTION_TAILS = (
    *("right", "huh", "eh", "or not", "or what", "you know", "i guess", "i suppose", "isn't it", "don't you", "do you"),
    *("are you", "what about you", "how about you", "and you"),
)
_QUESTION_TAIL = re.compile(rf"\b(?:{'|'.join(_QUESTION_TAILS)})$", re.IGNORECASE)
_POINTERS = word_set(
    "theirs hers yourself theyre thats theres hes shes youre weve im ive their u ur i i'm i've i'll i'd you you're "
    "you've you'll ya y'all your yours he he's she she's it it's they they're them him we're there's that's this "
    "these those us"
)
_FINITE = word_set(
    "is are was were has have had been do does did will would can could should might must isn't aren't wasn't don't "
    "doesn't didn't won't can't couldn't i'm it's that's it'd that'd he'd she'd they'd"
)
_THIS_DAY = alternatives(
    "today tonight yesterday right_now rn last_night lately again soon so_far just_now at_the_moment the_other_day "
    "these_days"
)
_DAY_PARTS = alternatives("morning afternoon evening weekend week time")
_PASSING = re.compile(
    rf"\b(?:{_THIS_DAY}|(?:this|the whole|the entire) {_DAY_PARTS}|"
    r"all (?:day|morning|afternoon|evening|night|week)(?! long))\b",
    re.IGNORECASE,
)
_EMPTY = word_set(
    "stuff thing things lot lots bit way idea fact one ones everything nothing something anything doing fun game time "
    "people person guy someone part kind sort none all some much more most both day days life it everyone others "
    "concept job work working going being having getting making trying learning different new good great nice best "
    "playing vibe vibes better favorite favorites favourite favourites sound sounds feeling feel skill skills "
    "language dish food"
)
_ADVERBIAL = re.compile(r"[a-z]{3,}ly$")
LY_NOUNS = word_set("family fly butterfly jelly belly assembly anomaly monopoly reply supply italy lily rally bully")
_STRETCHED = re.compile(r"([a-z])\1\1")  # "bothhh"
_MARKS = "()'\u2019\"\u201d"  # of which what is not closed has one
_UNCLOSED = re.compile(r"\([^)]*$|^[^(]*\)|^[^'\u2019\"\u201c\u2018]*[^\W\dsS]['\u2019\"\u201d](?=\s|$)")


@lru_cache(maxsize=2)  # one rule after another asks for those of a value
def words_of(value: str) -> Sequence[str]:
    """The words of a value, in lower case."""
    return _WORD.findall(value.lower())


def first_word_of(text: str) -> str:
    """The first of its words, in lower case; "" where it has none."""
    found = _WORD.search(text.lower())
    return found.group() if found else ""


_DEGREES_OF_ILLNESS = word_set("1 2 one two")


def _opening_objection(words: Sequence[str]) -> str:
    if words[0] in _OPENERS and not (words[0] == "type" and _DEGREES_OF_ILLNESS.issuperset(words[1:2])):
        return "begins inside a clause"
    alone = len(words) == 1 and words[0] in _ALONE
    return "greeting or exclamation" if words[0] in _SOUNDS or alone else ""


_PREPOSITIONS = word_set("for to with at about of from on by in into over after through")
_HOW_IT_IS = alternatives(
    "easy easier hard harder good better best nice nicer fun great difficult impossible safe pleasant nobody someone "
    "somebody something nothing"
)
_TAKES_A_PREPOSITION = re.compile(
    rf"\b(?:(?:worth \w+ing|{_HOW_IT_IS} to [a-z]+)(?: (?:on|up|out|along|away|around))?|to be [a-z]+ed)$"
)


def lacks_a_preposition(value: str) -> bool:
    """Whether a preposition may end it: "easy to work", "worth paying"."""
    return (" to " in value or "worth " in value) and _TAKES_A_PREPOSITION.search(value) is not None


def _keeps_its_preposition(value: str, last: str) -> bool:
    """Whether its last word is a preposition that belongs there: "easy to work with"."""
    return last in _PREPOSITIONS and lacks_a_preposition(value.rpartition(" ")[0])


def _ending_objection(value: str, words: Sequence[str]) -> str:
    unclosed = any(mark in value for mark in _MARKS) and _UNCLOSED.search(value)
    ended = words[-1] not in _ENDERS or value.endswith("May") or _keeps_its_preposition(value, words[-1])
    if unclosed or not ended:
        return "breaks off"
    asks = "?" in value or (value.lower().endswith(_QUESTION_TAILS) and _QUESTION_TAIL.search(value))
    return "question tail" if asks else ""


def stump(value: str) -> str:
    """Why a value cannot stand alone, whatever it says; "" where it can."""
    words = words_of(value)
    if not words or value.startswith("'"):
        return "no words"
    if _STRETCHED.search(value):
        return "greeting or exclamation"
    return _opening_objection(words) or _ending_objection(value, words) or _says_nothing(words)


def _says_nothing(words: Sequence[str]) -> str:
    telling = [word for word in words if word not in _EMPTY and word not in ADVERBS and word not in _ENDERS]
    if not telling:
        return "stop phrase"
    only = telling[0] if len(words) == 1 else ""
    return "adverb" if only and _ADVERBIAL.match(only) and only not in LY_NOUNS else ""


def begins_with_a_helper(value: str) -> bool:
    """Whether it is what follows a subject ("was in the navy"): fit for a circumstance, not for a thing."""
    return words_of(value)[0] in _HELPERS


def points(value: str) -> bool:
    """Whether it speaks of what only its sentence, or the one before it, names: "it", "them", "your", "this"."""
    return not _POINTERS.isdisjoint(words_of(value))


def has_finite_verb(value: str) -> bool:
    """Whether another clause runs into it: "Los Angeles has been pretty interesting"."""
    return not _FINITE.isdisjoint(words_of(value))


def passes(value: str) -> bool:
    """Whether it tells of this day only."""
    return _PASSING.search(value) is not None

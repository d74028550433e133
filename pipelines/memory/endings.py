"""What ends an older fact: "I no longer work at X", "I quit smoking", "we switched from X to Y". Times decide.

An ending ends only what was said before it; what is said again afterwards holds again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.facts import Category, Fact
from pipelines.work import late_patterns as re
from pipelines.work.word_lists import alternatives, word_set

NO_LONGER = "no longer "  # opens the value of a fact that only says what has ended
NOT_ALIVE = f"{NO_LONGER}alive: "
NOT_WITH = f"{NO_LONGER}together with "

_WORD = re.compile(r"[\w+#]+")
_QUITTING = alternatives(
    "no_longer quit(ting) stopped stopping gave_up(_on) given_up(_on) giving_up(_on) dropped dropping ditched "
    "ditching abandoned abandoning cancel(l)ed cancel(l)ing"
)
_QUIT = re.compile(rf"{_QUITTING}\s+(.+)", re.IGNORECASE)
_NOT = re.compile(r"(?:does not|not|no)\s+(.+)", re.IGNORECASE)
_LEFT = re.compile(r"(?:moved (?:away |out )?(?:from|out of)|left|resigned from)\s+(.+)", re.IGNORECASE)
_SWITCHED = re.compile(
    r"(?:switch|mov|migrat|convert|chang|upgrad)(?:ed|ing)\s++(?:\w+ ){0,3}?(?:away )?(?:from|off)\s++(.+?)(?<!\s)\s++"
    r"(?:on)?to\s.+",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"(?:replac|swapp|trad|exchang)(?:ed|ing)\s++(.+?)(?<!\s)\s++(?:with|by|for)\s.+", re.IGNORECASE)
_GONE = re.compile(rf"(?:{NOT_ALIVE}|{NOT_WITH})(.+)", re.IGNORECASE)
_NEXT = re.compile(
    r"\s(?:and (?:i |we )?(?=\w+ed\b|went|chose)|but|because|since|in favou?r of|for good)\s?", re.IGNORECASE
)
_AS = re.compile(r"(?:being|(?:work|liv)(?:ing|e)? (?:as|in|at)) (?:an? |the )?", re.IGNORECASE)
_AND = re.compile(r",?\s(?:and|or)\s")
_TOPIC = re.compile(r".+ for (?:the|our|my) (?P<topic>[\w -]{3,40})|(?P<label>[\w -]{3,40}): .+")
_NEGATIVE = re.compile(
    r"(?:no|not|never|does not|cannot|dislikes|avoids|against|quit|stopped|gave up|allergic|left|moved|switched)\b",
    re.IGNORECASE,
)
_PLACED: frozenset[Category] = frozenset(["location", "occupation"])
_CHOSEN: frozenset[Category] = frozenset(["decision", "preference"])
_STATES: frozenset[Category] = frozenset(["preference", "life_context", "belief", "decision"])
_RELATED: frozenset[Category] = frozenset(["relationship"])
_ANY: frozenset[Category] = _PLACED | _STATES | {"interest", "project"}
_ENDED: frozenset[Category] = _ANY | _RELATED
# Of these, all of the value must have ended.
_WHOLE: frozenset[Category] = frozenset(["interest", "preference", "life_context", "belief"])
_SHAPES = (
    (_GONE, _RELATED),
    (_SWITCHED, _CHOSEN),
    (_REPLACED, _CHOSEN),
    (_LEFT, _PLACED),
    (_QUIT, _ANY),
    (_NOT, _STATES),
)
_LIGHT = word_set(
    "a an the my our of in at on for to and with as is am are being i we it any more anymore all work works working "
    "live lives living eat eats eating drink drinks play plays playing go goes going do does use uses used using "
    "practise practice practising practicing like likes love loves enjoy enjoys favourite learning studying last year "
    "month week ago old"
)


class End(NamedTuple):
    """Since when a fact no longer holds, and which fact ends it, by its place among the facts."""

    time: float
    by: int


class _Ending(NamedTuple):
    """That what `core` names, if it is of one of these categories, has ended by `time`."""

    core: frozenset[str]
    categories: frozenset[Category]
    time: float
    by: int


def is_ending(fact: Fact) -> bool:
    """Whether the fact only says that something has ended."""
    return fact.value.startswith(NO_LONGER)


def ended_things(value: str) -> tuple[str, ...]:
    """What a value says has ended: "quit smoking and drinking" of smoking, and of drinking."""
    return _things(value)[0]


def find_endings(facts: Sequence[Fact]) -> list[End | None]:
    """Of each fact, the first later one that says that it has ended, or decides the same thing anew."""
    endings = _by_word(facts)
    topics = _by_topic(facts)
    return [_first(_replaced(fact, topics), _ended(fact, endings)) for fact in facts]


def _first(*ends: End | None) -> End | None:
    return min((end for end in ends if end is not None), default=None)


def _things(value: str) -> tuple[tuple[str, ...], frozenset[Category]]:
    for pattern, categories in _SHAPES:
        if matched := pattern.match(value):
            whole = _AS.sub("", _NEXT.split(matched.group(1), maxsplit=1)[0])
            return tuple(dict.fromkeys((whole, *_AND.split(whole)))), categories
    return (), frozenset()


def _by_word(facts: Sequence[Fact]) -> dict[str, list[_Ending]]:
    """The endings under one of the words that each names, so that few are compared with each fact."""
    found: dict[str, list[_Ending]] = {}
    for place, fact in enumerate(facts):
        things, categories = _things(fact.value)
        for core in {core for thing in things if (core := _core(thing))}:
            found.setdefault(min(core), []).append(_Ending(core, categories, fact.time or 0.0, place))
    return found


def _ended(fact: Fact, endings: dict[str, list[_Ending]]) -> End | None:
    if not endings or fact.category not in _ENDED or _NEGATIVE.match(fact.value):
        return None
    core = _core(fact.value)
    ends = (End(e.time, e.by) for word in core for e in endings.get(word, ()) if _ends(e, fact, core))
    return min(ends, default=None)


def _ends(ending: _Ending, fact: Fact, core: frozenset[str]) -> bool:
    if ending.time <= (fact.time or 0.0) or fact.category not in ending.categories:
        return False
    return ending.core == core or (fact.category not in _WHOLE and ending.core < core)


def _by_topic(facts: Sequence[Fact]) -> dict[str, End]:
    """Where each purpose was last decided: "Postgres for the database", "MySQL for the database"."""
    newest: dict[str, End] = {}
    for place, fact in enumerate(facts):
        if topic := _topic_of(fact):
            last = End(fact.time or 0.0, place)
            if topic not in newest or last.time > newest[topic].time:
                newest[topic] = last
    return newest


def _replaced(fact: Fact, topics: dict[str, End]) -> End | None:
    topic = _topic_of(fact)
    return topics[topic] if topic and (fact.time or 0.0) < topics[topic].time else None


def _topic_of(fact: Fact) -> str:
    found = _TOPIC.fullmatch(fact.value) if fact.category == "decision" else None
    return (found["topic"] or found["label"]).lower() if found else ""


def _core(value: str) -> frozenset[str]:
    """The stems of the telling words: "go climbing" and "climb" are alike."""
    return frozenset(_stem(word) for word in _WORD.findall(value.lower()) if word not in _LIGHT)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word

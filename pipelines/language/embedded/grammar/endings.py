"""What ends an older fact: "I no longer work at X", "I quit smoking", "we switched from X to Y". Times decide.

An ending takes away only what was said before it; what is said again afterwards holds again.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.contract import Category, Fact
from pipelines.language.embedded.grammar.words import alternatives, word_set

NO_LONGER = "no longer "  # opens the value of a fact that only says what has ended

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
_TOPIC = re.compile(r".+ for (?:the|our|my) (?P<topic>[\w -]{3,40})|(?P<label>[\w -]{3,40}): .+")
_NEGATIVE = re.compile(
    r"(?:no|not|never|does not|cannot|dislikes|avoids|against|quit|stopped|gave up|allergic|left|moved|switched)\b",
    re.IGNORECASE,
)
_PLACED: frozenset[Category] = frozenset(["location", "occupation"])
_CHOSEN: frozenset[Category] = frozenset(["decision", "preference"])
_STATES: frozenset[Category] = frozenset(["preference", "life_context", "decision"])
_ANY: frozenset[Category] = _PLACED | _STATES | {"interest", "project"}
_WHOLE: frozenset[Category] = frozenset(["interest", "preference", "life_context"])  # all of the value must have ended
_SHAPES = ((_SWITCHED, _CHOSEN), (_REPLACED, _CHOSEN), (_LEFT, _PLACED), (_QUIT, _ANY), (_NOT, _STATES))
_LIGHT = word_set(
    "a an the my our of in at on for to and with as is am are i we it any more anymore all work works working live "
    "lives living eat eats eating drink drinks play plays playing go goes going do does use uses used using practise "
    "practice practising practicing like likes love loves enjoy enjoys favourite learning studying last year month "
    "week ago old"
)


class _Ending(NamedTuple):
    """That what `core` names, if it is of one of these categories, has ended by `time`."""

    core: frozenset[str]
    categories: frozenset[Category]
    time: float


def without_ended(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts that no later fact has ended; those that only say what has ended are gone too."""
    endings = _by_word(facts)
    topics = _newest_by_topic(facts)
    return tuple(
        fact for fact in facts if not (is_ending(fact) or _is_replaced(fact, topics) or _has_ended(fact, endings))
    )


def is_ending(fact: Fact) -> bool:
    """Whether the fact only says that something has ended."""
    return fact.value.startswith(NO_LONGER)


def _by_word(facts: Sequence[Fact]) -> dict[str, list[_Ending]]:
    """The endings under one of the words that each names, so that few are compared with each fact."""
    found: dict[str, list[_Ending]] = {}
    for fact in facts:
        for pattern, categories in _SHAPES:
            matched = pattern.match(fact.value)
            if matched and (core := _core(matched.group(1))):
                found.setdefault(min(core), []).append(_Ending(core, categories, fact.time or 0.0))
                break
    return found


def _has_ended(fact: Fact, endings: dict[str, list[_Ending]]) -> bool:
    if not endings or fact.category not in _ANY or _NEGATIVE.match(fact.value):
        return False
    core = _core(fact.value)
    return any(_ends(ending, fact, core) for word in core for ending in endings.get(word, ()))


def _ends(ending: _Ending, fact: Fact, core: frozenset[str]) -> bool:
    if ending.time <= (fact.time or 0.0) or fact.category not in ending.categories:
        return False
    return ending.core == core or (fact.category not in _WHOLE and ending.core < core)


def _newest_by_topic(facts: Sequence[Fact]) -> dict[str, float]:
    """When each purpose was last decided: "Postgres for the database", "MySQL for the database"."""
    newest: dict[str, float] = {}
    for topic, time in _topics(facts):
        newest[topic] = max(time, newest.get(topic, time))
    return newest


def _topics(facts: Sequence[Fact]) -> Iterator[tuple[str, float]]:
    for fact in facts:
        if topic := _topic_of(fact):
            yield topic, fact.time or 0.0


def _is_replaced(fact: Fact, topics: dict[str, float]) -> bool:
    topic = _topic_of(fact)
    return bool(topic) and (fact.time or 0.0) < topics[topic]


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

"""Which wishes about answers exclude each other: "answer briefly" and "answer at length", bullets and prose."""

from typing import NamedTuple

from pipelines.facts import Fact
from pipelines.work import late_patterns as re
from pipelines.work.word_lists import alternatives

CALLS_YOU = "calls the assistant "  # opens the value of the fact


class Stance(NamedTuple):
    """What a wish says of one subject. A subject of two sides has `wanted` true and the side's name."""

    subject: str
    side: str
    wanted: bool = True


_TWO_SIDED: tuple[tuple[str, tuple[str, str], tuple[str, str]], ...] = (
    (
        "length",
        ("short", "short(er) brief(ly) concise(ly) succinct(ly) terse(ly) one_sentence one-liner(s) to_the_point"),
        ("long", "long(er) detailed detail(s) in-depth in_depth thorough(ly) elaborate(ly) verbose at_length"),
    ),
    (
        "layout",
        ("bullets", "bullet(_points) bullet(_point) bullets bullet-point(s) bulleted numbered_list(s) lists"),
        ("prose", "full_sentences complete_sentences whole_sentences prose running_text paragraph(s)"),
    ),
    ("register", ("formal", "formal(ly)"), ("casual", "informal(ly) casual(ly) colloquial(ly)")),
    ("spelling", ("british", "british uk_english uk_spelling"), ("american", "american us_english us_spelling")),
    ("units", ("metric", "metric celsius si_units"), ("imperial", "imperial fahrenheit")),
    ("emoji", ("emoji", "emoji(s) emoticon(s)"), ("plain", "plain_text")),
    ("bluntness", ("blunt", "blunt(ly) direct(ly)"), ("gentle", "gentle gently diplomatic(ally) soften(ed)")),
)  # fmt: skip
_LANGUAGES = alternatives("english german french spanish italian portuguese dutch polish swedish danish turkish greek")
_IN_LANGUAGE = re.compile(rf"\b(?:answer|repl\w+|respond|responses?|write|speak|talk)\b.*?\bin ({_LANGUAGES})\b")
_SIDES = tuple(
    (subject, side, other, re.compile(rf"\b{alternatives(words)}(?![\w-])"))
    for subject, one, two in _TWO_SIDED
    for (side, words), other in ((one, two[0]), (two, one[0]))
)
_OF_THEMSELVES = frozenset(["layout", "emoji"])  # named by words that are about nothing else
_ANSWERS = re.compile(
    r"^(?:please |always |never |stop |don't |do not )*(?:be|keep|use|give|make|write|answer|reply|respond|explain)\b|"
    r"\b(?:answers?|answering|repl(?:y|ies)|respon\w+|explanations?|sentences|spelling|units|tone|english)\b"
)
_DENIED = re.compile(
    r"\b(?:no|not|never|don't|do not|stop|avoid|without|skip|less|fewer|dislikes?|hates?|leave out|"
    r"instead of|rather than)(?: [\w'-]+){0,3}? ?$"
)
_PART = re.compile(r"[,;.]| but | and ")


def stances_of(fact: Fact) -> frozenset[Stance]:
    """What a preference asks of answers, subject by subject; empty for what is no wish about them."""
    if fact.category != "preference":
        return frozenset()
    value = fact.value.lower().replace("\u2019", "'")
    if value.startswith(CALLS_YOU):
        return frozenset([Stance("name", value)])
    about = _ANSWERS.search(value) is not None
    found = {stance for part in _PART.split(value) for stance in _sides_of(part, about=about)}
    if in_language := _IN_LANGUAGE.search(value):
        found.add(Stance("language", in_language.group(1), not _DENIED.search(value[: in_language.start(1)])))
    return frozenset(found)


def _sides_of(part: str, *, about: bool) -> set[Stance]:
    found: set[Stance] = set()
    for subject, side, other, pattern in _SIDES:
        if (about or subject in _OF_THEMSELVES) and (named := pattern.search(part)):
            denied = _DENIED.search(part[: named.start()]) is not None
            found.add(Stance(subject, other if denied else side))
    return found


def contradict(one: Stance, other: Stance) -> bool:
    """Whether answers cannot follow both."""
    if one.subject != other.subject:
        return False
    if one.wanted and other.wanted:
        return one.side != other.side
    return one.side == other.side and one.wanted != other.wanted

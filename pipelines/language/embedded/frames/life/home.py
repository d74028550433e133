"""Where the user lives and comes from."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import find_time, noun_phrase, statement
from pipelines.language.embedded.grammar.places import is_known
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_PLACE_PREPOSITIONS = alternatives(
    "in near at on outside by around between close_to next_to just_outside not_far_from out_of from to"
)
_PLACE = re.compile(
    rf"^\s*(?:and (?:work|study) )?(?:"
    rf"(?:right |together |alone |happily |here |mostly |part-?time |currently |out |over |back |down |up |just )*)"
    rf"{_PLACE_PREPOSITIONS}\s+(?=\S)",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\bwith (?:my|our) ([^.;:!?]+)", re.IGNORECASE)
_NO_PLACES = alternatives(
    "it that this them him her you me us fear hope peace harmony a_world the_moment the_past time mind general "
    "practice debt pain the_same order bed it's here there something another the_next other one_of your his their "
    "the_question what"
)
_SEQUENCE_NOUNS = alternatives("following step next other idea part second first last new beginning end")
_NO_PLACE = re.compile(rf"^(?:{_NO_PLACES}|me\b|the {_SEQUENCE_NOUNS})\b", re.IGNORECASE)
_TIME_WORDS = alternatives(
    "two three four five six ten many my our most years spring summer autumn winter january february march april may "
    "june july august september october november december mon week year month fall"
)
_TIME_ONLY = re.compile(
    rf"(?<!\s)\s++(?:for|since|until|during|last|this|next|in)\s++"
    rf"(?:the last |the past |about |over |almost |nearly )?"
    rf"(?:{_TIME_WORDS}|(?:19|20)?\d|a (?:while|few|couple|year|month|decade|long|bit))\b.*$|"
    rf"(?<!\s)\s++(?:with|for work|and|last|two|three|four|five|\w+ (?:years?|months?) ago)\b.*$",
    re.IGNORECASE,
)
_SEASONS = alternatives(
    "spring summer autumn fall winter holidays pandemic lockdown covid january february march april may june july "
    "august september october november december"
)
_WHEN = rf"(?:the )?(?:(?:early|late|middle of|end of|beginning of|start of) )*(?:{_SEASONS}|last \w+|(?:19|20)?\d\d)"
_WHEN_MOVED = re.compile(rf"\s(?:in|over|during|throughout|at|since|around|this) {_WHEN}\b.*$", re.IGNORECASE)
_NUMBERS = alternatives("two three four five six seven eight nine ten many")
_SETTLED = re.compile(
    rf"\s*in ((?:[A-Z][\w'.-]*,? )+?)(?:(?:(?:now|here),? |, )?since (?:{_WHEN}\b|my |i |we )|these days\b|"
    rf"from {_WHEN}\b(?! to\b)|"
    rf"for (?:about |over |almost |nearly |more than )?(?:\d+|{_NUMBERS}) "
    r"(?:years|yrs)\b)"  # not on a journey
)
_SEQUENCE = re.compile(
    r"\s*in [A-Z][^.;!?]{2,60}?(?:,| and| then){1,3} (?:and |then ){0,3}(?:now|currently) (?:in )?([A-Z][\w' -]+)"
)


_BESIDE = re.compile(rf"{alternatives('near outside close_to next_to just_outside not_far_from')} $", re.IGNORECASE)


def place(rest: str) -> str:
    """The place, with "near" where it is that, after "live", "moved" or "based", or ""."""
    found = _PLACE.match(rest)
    if not found:
        return ""
    where = rest[found.end() :]
    if _NO_PLACE.match(where):
        return ""
    beside = _BESIDE.search(found.group())
    parts = [part.strip() for part in statement(where, 12).split(",")]
    kept = parts[:1] + [part for part in parts[1:3] if part[:1].isupper()]
    name = noun_phrase(_TIME_ONLY.sub("", ", ".join(kept)).replace(",", "\x02"), 9).replace("\x02", ",")
    return f"{beside.group().lower() if beside else ''}{name}" if is_place(name) else ""


def is_place(name: str) -> bool:
    """ "Porto" and "a village near Ghent" are places; "a new city" names none."""
    return bool(re.search(r"[A-Z]", name) or is_known(name)) or not re.match(
        r"(?:a|an|another|some|the|one|my|our|different|new)\b", name
    )


def live(clause: Clause) -> Iterator[Candidate]:
    """I live in Ghent; we're staying near the harbour."""
    if clause.negated or clause.unreal or clause.past or (clause.modal and not clause.going):
        return
    listed = _SEQUENCE.match(clause.rest)
    if listed and clause.perfect:
        yield Candidate("location", listed.group(1).strip())
        yield Candidate("life_context", f"lived in {statement(clause.rest.strip()[3:], 12)}")
        return
    where = place(re.sub(r"^\s*with (?:my|our|his|her) \w+(?: \w+){0,3}?(?= in\b| near\b| at\b)", "", clause.rest))
    if where and not clause.going:
        yield Candidate("location", where)


def settled(rest: str) -> str:
    """The place after "we're in", said to last: "in Bergen now, since the spring"; else ""."""
    found = _SETTLED.match(rest)
    return found.group(1).strip(" ,") if found else ""


_RESIDES = re.compile(
    r"(?<!kids )(?<!children )\b(?:(?:who|that) (?:now |currently )?(?:lives|resides)|living|residing|based)"
    r"( in (?:the )?[A-Z].*)"
)


def resides(person: str) -> str:
    """Where one lives who is told as "a 33 year old guy from Sweden that resides in Oslo"; else ""."""
    found = _RESIDES.search(person)
    return place(found.group(1)) if found else ""


_ON_TO = re.compile(r"\s*on to\b", re.IGNORECASE)  # "then we move on to the next chapter"


def move(clause: Clause) -> Iterator[Candidate]:
    """I moved to Porto; I'm moving to Oslo in May; we moved from MySQL to Postgres (a decision)."""
    if clause.negated or clause.unreal:
        return
    swap = re.match(
        r"\s*(?:\w+ ){0,2}?(?:away |over )?from (.{2,60}?) (?:on)?to (?:the )?(.+)", clause.rest, re.IGNORECASE
    )
    if not swap and not re.match(r"\s*(?:\w+ ){0,2}?(?:to|into|in with)\s", clause.rest, re.IGNORECASE):
        return
    if _ON_TO.match(clause.rest):
        return
    target = noun_phrase(swap.group(2) if swap else re.sub(r"^.*?\b(?:to|into|with)\s+", "", clause.rest, count=1), 8)
    target = _TIME_ONLY.sub("", _WHEN_MOVED.sub("", target)).strip()
    if not target or _NO_PLACE.match(target) or not is_place(target):
        return
    yield from _moved(clause, swap.group(1).strip() if swap else "", target)


def _moved(clause: Clause, origin: str, target: str) -> Iterator[Candidate]:
    if clause.form in {"moving", "move", "relocating", "relocate"} and not clause.perfect:
        if clause.form not in {"move", "relocate"} or clause.modal:
            yield Candidate("commitment", f"moving to {target}", find_time(clause.rest))
    elif origin and (_is_tool(target) or (clause.who == "we" and not origin[:1].isupper())):
        yield Candidate("decision", f"moved from {origin} to {target}")
    elif re.search(r"[A-Z]", target) or clause.who == "i" or find_time(clause.rest):
        yield Candidate("location", target)
        if origin[:1].isupper():
            yield Candidate("life_context", f"moved from {origin}")


def _is_tool(name: str) -> bool:
    return bool(re.search(r"[A-Z].*[A-Z]|\d|\b(?:service|database|cloud|server|framework|stack|api)", name))


def grow(clause: Clause) -> Iterator[Candidate]:
    """I grew up on a dairy farm; I grow tomatoes."""
    if clause.negated or clause.unreal:
        return
    up = re.match(r"\s*up\s+(.+)", clause.rest, re.IGNORECASE)
    if up:
        where = noun_phrase(up.group(1), 8)
        if where:
            yield Candidate("life_context", f"grew up {where}")
    elif clause.form in {"grow", "growing"} and not clause.modal:
        what = noun_phrase(clause.rest, 5)
        if what and not re.match(
            r"(?:tired|old|older|up|more|to|into|at|from|in|as|with|on|by|and|bored|apart|increasingly)\b", what
        ):
            yield Candidate("interest", f"growing {what}")


def come(clause: Clause) -> Iterator[Candidate]:
    """I come from Slovenia."""
    arrived = re.match(r"\s*(?:over )?to ([A-Z].+)", clause.rest)
    if arrived and clause.form == "came" and not clause.negated:
        yield Candidate("life_context", f"came to {statement(arrived.group(1), 10)}")
    found = re.match(r"\s*(?:originally )?from\s+(?:a |the )?(.+)", clause.rest, re.IGNORECASE)
    if found and clause.form == "come" and not clause.negated and not clause.unreal:
        origin = noun_phrase(found.group(1), 6)
        if origin:
            yield Candidate("life_context", f"from {origin}")


def born(rest: str) -> Iterator[Candidate]:
    """I was born in Cork in 1984."""
    where = noun_phrase(rest, 9)
    if re.match(r"(?:in|on|near|at)\b", where):
        yield Candidate("life_context", f"born {where}")


def company(clause: Clause) -> str:
    """With whom: "with my husband" gives "husband"."""
    found = _COMPANY.search(clause.rest)
    return found.group(1) if found else ""

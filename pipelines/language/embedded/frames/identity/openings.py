"""Statements of the user whose subject is neither "I" nor "my ...": "Photography is my hobby", "As a nurse, I ..."."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.intentions.plans import due
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.grammar.phrases import find_time, items, noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives, first_word, word_set
from pipelines.work import late_patterns as re

_MATTERS_TO_ME = re.compile(
    r"(?:^|[,;:.] |\bbut )("
    r"(?:[\w'-]+ ){1,6}?(?:"
    r"matters?|comes? first|"
    r"(?:is|are) (?:very |really |so |more |extremely |super )?(?:important|everything|sacred|essential))"
    r"(?: \w+){0,3} (?:to|for) me\b[^.;!?\x01]{0,60})",
    re.IGNORECASE,
)


def impersonal(text: str) -> Iterator[Candidate]:
    """ "Working remotely suits me" is left alone; "honesty matters more to me than politeness" is a belief."""
    found = _MATTERS_TO_ME.search(text)
    if found and not re.match(r"(?:it|this|that|what|which)\b", found.group(1), re.IGNORECASE):
        yield Candidate("belief", statement(found.group(1), 16))


_FAVOURITES = alternatives(
    "hobby hobbies passion passions obsession pastime love favo(u)rite(s) thing escape guilty_pleasure weakness "
    "comfort_food"
)
_MINE = re.compile(
    rf"\s*+(?!(?:it|this|that|what|which|he|she|the)\b)([\w' ,&-]{{2,50}}?)\s++(?:is|are|has been|have been)\s+"
    rf"(?:still |also |by far )?(?:my|our)\s+((?:\w+ ){{0,2}}?)({_FAVOURITES})\b(.*)",
    re.IGNORECASE,
)


_SAID_FIRST = re.compile(
    r"^\s*(?:yeah|yes|yep|well|oh|so|and|but|also|plus|hey|haha|wow|honestly|actually)[,!]?\s+", re.IGNORECASE
)


def mine(text: str) -> Iterator[Candidate]:
    """ "Photography is my main hobby"; "Jazz is my favourite music"."""
    found = _MINE.match(_SAID_FIRST.sub("", text))
    if not found:
        return
    if found.group(3).lower().startswith("favo"):
        kind = noun_phrase(found.group(4), 3)
        if kind:
            yield Candidate("preference", f"favourite {kind}: {found.group(1)}")
            return
        if not re.match(r"[A-Za-z]+ing\b", found.group(1)):  # "Goofy is my favourite": of what, only the chat knows
            return
    for what in items(found.group(1)):
        yield Candidate("interest", what)


def role_opening(text: str) -> Iterator[Candidate]:
    """ "As a backend engineer, I ...": what the user is."""
    found = re.match(
        r"\s*(?:\w+, )?(?:speaking )?as (an? [^,.;!?\x01]{3,60}?),?\s+(?:i|i'm|i've|my|we)\b", text, re.IGNORECASE
    ) or re.match(r"\s*speaking as (an? [^,.;!?\x01]{3,60}?),", text, re.IGNORECASE)
    if found:
        yield from job(found.group(1)) if not _BEARING.match(found.group(1)) else ()
    else:
        found = None
    keeps = _KEEPS.match(text)
    if keeps:
        yield Candidate("interest", keeps.group(1))
    state = _STATE_OPENING.match(text)
    if state:
        what = re.sub(r"^(?:someone|somebody|a person) (?:who is |who's )?", "", noun_phrase(state.group(1), 9))
        told = list(job(state.group(1)))
        somebody = _AS_A.match(text) is None or _PERSON.search(what)  # "as a whole evening, I ..." is about it
        if somebody and "(" not in state.group(1):  # "as a Chinese (A2) language learner"
            told = told or [Candidate("life_context", re.sub(r"^(?:with|an?|the) ", "", what))]
        yield from told


_EFFECTS = alternatives(
    "keeps_me calms_me relaxes_me helps_me_relax helps_me_unwind helps_me_sleep helps_me_think makes_me_happy "
    "brings_me is_what_i is_how_i"
)
_KEEPS = re.compile(rf"\s*([A-Za-z]+ing(?: \w+){{0,3}}) {_EFFECTS}\b", re.IGNORECASE)
_BEARING = re.compile(
    r"an? (?:side note|follow-?up|result|rule|test|start|last|first|matter|reminder|starting)\b", re.IGNORECASE
)
_NO_STATES = alternatives(
    "kid child teenager teen boy girl side_note follow result rule test start last first matter reminder bonus whole "
    "user language_model ai"
)
_PERSONS = alternatives(
    "mum mom mother dad father parent grandma grandpa person woman man native speaker twin orphan introvert extrovert "
    "vegan vegetarian expat owner carer widow widower veteran refugee citizen resident member muslim christian "
    "catholic jew hindu buddhist sikh atheist freshman sophomore newcomer couple family child sibling someone "
    "somebody with who from"
)
_PERSON = re.compile(rf"\b(?:{_PERSONS}|\w{{3,}}(?:er|or|ist|ian|ant|ee|eer|an|ese))s?\b", re.IGNORECASE)
_AS_A = re.compile(r"\s*(?:speaking |(?:and|so|but) )?as (?:an?|the) ", re.IGNORECASE)
_STATE_OPENING = re.compile(
    rf"\s*(?:speaking |(?:and|so|but) )?(?:"
    rf"as (?=(?:someone|somebody|a person|the|an?)\b)|being (?=[a-z])|"
    rf"(?=(?:living|suffering|working|growing up|having grown up|coming) (?:with|from|in|as)\b))"
    rf"(?!an? {_NO_STATES}\b|the (?:title|name|subject|article|question|saying)\b)([^,.;!?\x01]{{3,70}}?),?\s+"
    rf"(?:i|i'm|i've|i'd|i'll|my|we)\b",
    re.IGNORECASE,
)
_KIN_EVENT = re.compile(
    r"\s*(?:my )?"
    r"([A-Z]\w+'s (?:\d+\w\w )?(?:birthday|wedding|graduation|anniversary|recital|surgery|due date|party))"
    r"((?:'s| is| falls)\s.+)",
)
_OWN_EVENT = re.compile(
    r"\s*(?:hey |so |btw |and )?(?:it'?s|it is) (?:my|our) "
    r"((?:\w+ ){0,2}(?:birthday|anniversary|wedding|graduation))\b(.*)",
    re.IGNORECASE,
)
_EVENTS = alternatives(
    "exam wedding deadline interview launch funeral surgery recital move party concert defence defense viva flight "
    "graduation due_date"
)
_THE_EVENT = re.compile(
    rf"\s*(?:hey |so |btw |and |also )?the ((?:\w+ ){{0,2}}?{_EVENTS})"
    rf"( (?:is|falls) (?:on|at|in|this|next|tomorrow|\d)\b.+)",
    re.IGNORECASE,
)
_DATES = alternatives(
    "deadline due_date date start end last_day first_day exam interview appointment launch wedding flight meeting"
)
_DATED_FOR_ME = re.compile(
    rf"\b(?:the\s+)?"
    rf"((?:[\w-]{{1,30}} ){{0,2}}?{_DATES}(?: date)? (?:for|of|on|to|with|at) (?:my|our) [^,.;!?\x01]{{2,50}}?)"
    rf"((?:'s| is| are| was moved to| falls)\s.+)",
    re.IGNORECASE,
)


_EVENTS_BEGIN = word_set("hey so btw and also it its the")
_OF_MINE = re.compile(r"\s(?:for|of|on|to|with|at) (?:my|our) ", re.IGNORECASE)


def dated(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """ "The deadline for my grant application is 30 September": an event of the user's with its date."""
    mine_ = "my" in words or "our" in words
    if not mine_ and "'s " not in text[:30] and first_word(text) not in _EVENTS_BEGIN:
        return
    kin = _KIN_EVENT.match(text) if "'s " in text[:30] else None
    if kin:
        yield from due(kin.group(1), kin.group(2))
        return
    own = _OWN_EVENT.match(text)
    if own and find_time(own.group(2)):
        yield Candidate("date", f"{own.group(1)}: {find_time(own.group(2))}", find_time(own.group(2)))
        return
    event = _THE_EVENT.match(text)
    if event:
        yield from due(event.group(1), event.group(2))
        return
    found = _DATED_FOR_ME.search(text) if mine_ and _OF_MINE.search(text) else None
    if found:
        yield from due(found.group(1), found.group(2))

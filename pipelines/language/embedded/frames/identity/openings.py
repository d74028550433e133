"""Statements of the user whose subject is neither "I" nor "my ...": "Photography is my hobby", "As a nurse, I ..."."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.intentions.plans import due
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.grammar.phrases import find_time, items, noun_phrase, statement


def impersonal(text: str) -> Iterator[Candidate]:
    """ "Working remotely suits me" is left alone; "honesty matters more to me than politeness" is a belief."""
    found = re.search(
        r"(?:^|[,;:.] |\band |\bbut )((?:[\w'-]+ ){1,6}?(?:matters?|comes? first|(?:is|are) (?:very |"
        r"really |so |more |extremely |super )?(?:important|everything|sacred|essential))(?: \w+){0,3} "
        r"(?:to|for) me\b[^.;!?\x01]{0,60})",
        text,
        re.IGNORECASE,
    )
    if found and not re.match(r"(?:it|this|that|what|which)\b", found.group(1), re.IGNORECASE):
        yield Candidate("belief", statement(found.group(1), 16))


def mine(text: str) -> Iterator[Candidate]:
    """ "Photography is my main hobby"; "Jazz is my favourite music"."""
    found = re.match(
        r"\s*+(?!(?:it|this|that|what|which|he|she|the)\b)([\w' ,&-]{2,50}?)\s++(?:is|are|has been|have "
        r"been)\s+(?:still |also |by far )?(?:my|our)\s+((?:\w+ ){0,2}?)(hobby|hobbies|passion|"
        r"passions|obsession|pastime|love|favou?rites?|thing|escape|guilty pleasure|weakness|comfort "
        r"food)\b(.*)",
        text,
        re.IGNORECASE,
    )
    if not found:
        return
    if found.group(3).lower().startswith("favo"):
        kind = noun_phrase(found.group(4), 3)
        yield Candidate("preference", f"favourite {kind}: {found.group(1)}" if kind else f"favourite: {found.group(1)}")
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
        yield from told or [Candidate("life_context", re.sub(r"^(?:with|an?|the) ", "", what))]


_KEEPS = re.compile(
    r"\s*([A-Za-z]+ing(?: \w+){0,3}) (?:keeps me|calms me|relaxes me|helps me (?:relax|unwind|sleep|think)|"
    r"makes me happy|brings me|is (?:what|how) i)\b",
    re.IGNORECASE,
)
_BEARING = re.compile(
    r"an? (?:side note|follow-?up|result|rule|test|start|last|first|matter|reminder|starting)\b", re.IGNORECASE
)
_STATE_OPENING = re.compile(
    r"\s*(?:speaking |(?:and|so|but) )?(?:as (?=(?:someone|somebody|a person|the|an?)\b)|being (?=[a-z])|"
    r"(?=(?:living|suffering|working|growing up|having grown up|coming) (?:with|from|in|as)\b))"
    r"(?!an? (?:side note|follow|result|rule|test|start|last|first|matter|reminder|bonus|whole|user|"
    r"language model|ai)\b|"
    r"the (?:title|name|subject|article|question|saying)\b)"
    r"([^,.;!?\x01]{3,70}?),?\s+(?:i|i'm|i've|i'd|i'll|my|we)\b",
    re.IGNORECASE,
)


def dated(text: str) -> Iterator[Candidate]:
    """ "The deadline for my grant application is 30 September": an event of the user's with its date."""
    kin = re.match(
        r"\s*(?:my )?([A-Z]\w+'s (?:\d+\w\w )?(?:birthday|wedding|graduation|anniversary|recital|"
        r"surgery|due date|party))((?:'s| is| falls)\s.+)",
        text,
    )
    if kin:
        yield from due(kin.group(1), kin.group(2))
        return
    own = re.match(
        r"\s*(?:hey |so |btw |and )?(?:it'?s|it is) (?:my|our) ((?:\w+ ){0,2}(?:birthday|anniversary|wedding|"
        r"graduation))\b(.*)",
        text,
        re.IGNORECASE,
    )
    if own and find_time(own.group(2)):
        yield Candidate("date", f"{own.group(1)}: {find_time(own.group(2))}", find_time(own.group(2)))
        return
    event = re.match(
        r"\s*(?:hey |so |btw |and |also )?the ((?:\w+ ){0,2}?(?:exam|wedding|deadline|interview|launch|"
        r"funeral|surgery|recital|move|party|concert|"
        r"defen[cs]e|viva|flight|graduation|due date))( (?:is|falls) (?:on|at|in|this|next|tomorrow|\d)\b.+)",
        text,
        re.IGNORECASE,
    )
    if event:
        yield from due(event.group(1), event.group(2))
        return
    found = re.search(
        r"\b(?:the\s+)?((?:[\w-]+ ){0,2}?(?:deadline|due date|date|start|end|last day|first day|exam|"
        r"interview|appointment|launch|wedding|flight|meeting)"
        r"(?: date)? (?:for|of|on|to|with|at) (?:my|our) [^,.;!?\x01]{2,50}?)((?:'s| is| are| was "
        r"moved to| falls)\s.+)",
        text,
        re.IGNORECASE,
    )
    if found:
        yield from due(found.group(1), found.group(2))

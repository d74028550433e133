""" "My X is Y": names, relations, favourites, dates, stacks and projects."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.about import job
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.people import relation
from pipelines.language.embedded.frames.plans import due
from pipelines.language.embedded.phrases import bare, items, noun_phrase, statement

POSSESSIVE = re.compile(r"(?<![\w'.\-/])(?:my|our)\s+(?=[\w])", re.IGNORECASE)
_COPULA = re.compile(
    r"((?:[\w'&+-]+ ){0,7}?[\w'&+-]+?)\s*(?:,\s*)?(?:(?<=\w)'s|\b(?:is|are|was|will be|has been|have "
    r"been|remains|includes?|means|consists of|runs on|run on|expires?|starts?|ends?|begins?|opens?|"
    r"leaves?|departs?|lands?|falls|comes up|has moved to))\s+(.+)",
    re.IGNORECASE,
)
_PROJECT = re.compile(
    r"\b(?:project|app|startup|thesis|dissertation|novel|book|blog|podcast|side hustle|business|"
    r"company|website|game|memoir|newsletter|channel|research|"
    r"phd|album|film|band|shop|bakery|firm|paper|manuscript|invention)$",
    re.IGNORECASE,
)
_STACK = re.compile(
    r"\b(?:stack|backend|back-end|frontend|front-end|database|server|editor|ide|setup|infrastructure|"
    r"codebase|cloud|api|monorepo|laptop|phone|os|distro|language|framework|website|pipeline|shell|"
    r"terminal)$",
    re.IGNORECASE,
)


def possessive(text: str) -> Iterator[Candidate]:
    """`text` follows "my" or "our", and is cut at its sentence's end."""
    text = text[:240]
    related = list(relation(text))
    if related:
        yield from related
        return
    copula = _COPULA.match(text)
    if not copula:
        return
    head, rest = copula.group(1).strip(), copula.group(2)
    if re.match(r"(?:not|n't|no longer|wrong|broken|too|still not)\b", rest, re.IGNORECASE):
        return
    yield from _judge(head, rest, copula.group())


def _judge(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    low = head.lower()
    favourite = re.match(r"(?:(?:all[- ]time|other|new|absolute) )*favou?rite\s*(.*)", low)
    if re.fullmatch(r"(?:(?:first|full|real|given|last|nick|middle) ?)?(?:name|nickname|pronouns)", low):
        name = noun_phrase(rest, 4 if "pronoun" not in low else 3)
        if name and ("pronoun" in low or name[:1].isupper() or (low == "name" and len(name.split()) <= 2)):
            yield Candidate(
                "life_context" if "pronoun" in low else "name", f"pronouns {name}" if "pronoun" in low else name
            )
    elif favourite:
        what = statement(rest, 9)
        if what:
            kind = favourite.group(1)
            yield Candidate("preference", f"favourite {kind}: {what}" if kind else what)
    elif re.search(r"\b(?:job|profession|occupation|day job|job title|role|trade)$", low):
        found = list(job(rest if re.match(r"\s*(?:an?|the)\b", rest) else "a " + rest))
        yield from found or [Candidate("occupation", re.sub(r"^as (?:an? )?", "", bare(noun_phrase(rest, 8))))]
    elif re.search(r"\b(?:hobby|hobbies|passion|passions|interests?|pastime|obsession)$", low):
        for what in items(rest):
            yield Candidate("interest", what)
    elif re.search(r"\b(?:goal|dream|plan|aim|ambition|resolution|intention)$", low):
        what = statement(re.sub(r"^\s*to\s+", "", rest), 14)
        if (len(what.split()) > 1 and "plan" not in low) or rest.strip().startswith("to "):
            yield Candidate("commitment", f"{low}: {what}")
    else:
        yield from _things(head, rest, whole)


def _things(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    low = head.lower()
    dated = list(due(head, whole[len(head) :]))
    if dated:
        yield from dated
    elif re.search(
        r"\b(?:age|pronouns|mother tongue|native language|first language|blood type|height|weight|diet|"
        r"religion|star sign|zodiac sign)$",
        low,
    ):
        yield Candidate("life_context", f"{low}: {noun_phrase(rest, 5)}")
    elif re.search(r"\b(?:allergy|allergies)$", low):
        yield Candidate("life_context", f"allergic to {noun_phrase(rest, 6)}")
    elif re.search(r"\b(?:opinion|belief|view|philosophy|motto|conviction)$", low):
        yield Candidate("belief", statement(re.sub(r"^that\s+", "", rest), 18))
    elif re.search(r"\b(?:decision|choice|conclusion|verdict)$", low):
        yield Candidate("decision", statement(re.sub(r"^(?:to|that)\s+", "", rest), 16))
    elif re.search(r"\b(?:preference)$", low):
        yield Candidate("preference", statement(re.sub(r"^(?:for|to)\s+", "", rest), 12))
    elif re.search(
        r"\b(?:app|site|website|product|service|platform|game|blog|backend|frontend|stack|bot|shop|api)$", low
    ) and (
        runs := re.search(
            r"\b(?:runs? on|(?:is |are )?(?:written in|built (?:with|in|on)|hosted on|deployed (?:to|on)))\s+(.+)",
            whole,
        )
    ):
        yield Candidate("preference", f"{low}: {re.sub(r'^(?:is|are) ', '', runs.group())[:80]}")
    elif _PROJECT.search(low):
        yield from _project(head, rest)
    elif re.search(
        r"\b(?:hometown|home town|home|house|flat|apartment|timezone|time zone|city|address)$", low
    ) and re.match(r"(?:in |is )?[A-Z]", rest):
        yield Candidate("location", noun_phrase(re.sub(r"^in ", "", rest), 6))
    elif _STACK.search(low) and (
        re.search(r"[A-Z]", rest[:60]) or re.match(r"(?:written|built|hosted|deployed)\b", rest)
    ):
        yield Candidate("preference", f"{low}: {statement(rest, 12)}")


def _project(head: str, rest: str) -> Iterator[Candidate]:
    named = re.match(r"(?:called|named|titled)\s+(.+)", rest)
    about = re.match(r"(?:about|on|an?|the|exploring|focused on)\s+(.+)", rest)
    if named:
        yield Candidate("project", f"{noun_phrase(named.group(1), 5)}", head)
    elif about and len(noun_phrase(about.group(1), 9)) > 3:
        yield Candidate("project", f"{head}: {noun_phrase(rest, 10)}", statement(rest, 20))


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
        r"\s*(?!(?:it|this|that|what|which|he|she|the)\b)([\w' ,&-]{2,50}?)\s+(?:is|are|has been|have "
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
    )
    if found:
        yield from job(found.group(1))


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

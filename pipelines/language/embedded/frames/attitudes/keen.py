"""What the user says to be keen on, for, against, or afraid of: "I'm into birding", "I'm against zoos"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.attitudes.beliefs import opinion
from pipelines.language.embedded.frames.attitudes.tastes import EMPTY
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, statement

_INTO = re.compile(
    r"^\s*(?:(?:really|very|super|also|big|so|pretty|deeply|heavily|all)\s+)*(?:into|keen on|fond of|"
    r"passionate about|obsessed with|crazy about|mad about|interested in|fascinated by|hooked on|"
    r"addicted to|big on|a (?:big |huge |massive |die-?hard |lifelong |long-?time )?(?:fan|lover|"
    r"supporter|follower) of|(?:big |huge |massive |lifelong )?fans? of|enthusiastic about|nuts "
    r"about)\s+(.+)",
    re.IGNORECASE,
)
_ENTHUSIAST = re.compile(
    r"^\s*(?:an?|the|big|huge|avid|keen|amateur|hobby|passionate|casual|serious|competitive|devoted|"
    r"also)\s+(?:(?:\w+)\s+)?((?:[\w-]+ )?(?:hiker|climber|runner|cyclist|swimmer|gamer|reader|birder|"
    r"birdwatcher|bookworm|foodie|angler|collector|surfer|skier|knitter|painter|photographer|gardener|"
    r"cook|baker|enthusiast|buff|nerd|geek|fan|lover|fanatic|aficionado|player|traveller|traveler|"
    r"hobbyist|homebrewer|woodworker|chess player|beekeeper|astronomer|musician|guitarist|pianist|"
    r"drummer|singer)(?: (?:about|of|for) [\w -]{3,30})?)\b",
    re.IGNORECASE,
)
_FEARS = re.compile(r"^\s*(?:\w+ ){0,2}?(?:afraid|scared|terrified) of\s+(.+)", re.IGNORECASE)


def keen(clause: Clause) -> Iterator[Candidate]:
    found = _INTO.match(clause.rest)
    passing = clause.who == "we" or (found and re.match(r"(?:an?|the|further|more)\b", found.group(1)))
    if found and "interested" in found.group().lower() and passing:
        return
    if found:
        for what in items(found.group(1)):
            if not EMPTY.match(what) and not re.match(
                r"(?:a |the )?(?:trouble|problem|working with|learning (?:how|more)|buying|getting|"
                r"hearing|knowing|your|applying)",
                what,
            ):
                yield Candidate("interest", what)
        return
    hobby = _ENTHUSIAST.match(clause.rest)
    if hobby:
        yield Candidate("interest", hobby.group(1))
    yield from _sides(clause)


def _sides(clause: Clause) -> Iterator[Candidate]:
    """I'm against zoos; I'm convinced that ...; I'm afraid of heights."""
    against = re.match(
        r"\s*(?:strongly |totally |firmly |completely )?(against|opposed to|in favou?r of|convinced(?: "
        r"that)?|of the opinion(?: that)?|skeptical of|sceptical of|pro-|certain that)\s*(.+)",
        clause.rest,
        re.IGNORECASE,
    )
    if against:
        word, what = against.group(1).lower(), statement(against.group(2), 16)
        if word.startswith(("convinced", "of the", "certain")):
            yield from opinion(against.group(2), strong=True)
        elif what and not re.match(r"(?:it|this|that|a wall|the clock|you)\b", what):
            yield Candidate("belief", f"{word} {what}")
    fears = _FEARS.match(clause.rest)
    if (
        fears
        and (what := noun_phrase(fears.group(1), 6))
        and not re.match(r"(?:it|this|that|the (?:result|answer)|breaking|losing)\b", what)
    ):
        yield Candidate("life_context", f"afraid of {what}")

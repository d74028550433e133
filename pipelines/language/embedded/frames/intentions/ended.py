"""What the user says has ended: "I no longer live in Leeds", "I'm not vegan any more", "Miso died last month"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.memory.endings import NO_LONGER, NOT_ALIVE
from pipelines.work import late_patterns as re

_DIED = re.compile(
    r"(?:(?i:sadly|unfortunately),? )?(?:(?i:my|our) (?:[a-z]+ ){1,2})?([A-Z][a-z]+) (?:has |just |sadly ){0,2}"
    r"(?:died|passed away)\b(?! of (?:laughter|boredom)|\w* laughing)"
)
DEATH_WORDS = frozenset(["died", "passed"])
_ANY_MORE = re.compile(r"(?<!\s)\s*+\bany ?more\b", re.IGNORECASE)


def as_it_was(clause: Clause) -> Clause | None:
    """What the clause said before it ended, if it tells of an end: "I no longer work at X" as "I work at X"."""
    if not clause.negated or clause.unreal or clause.past or clause.modal:
        return None
    if not (clause.ended or _ANY_MORE.search(clause.rest)):
        return None
    return clause._replace(negated=False, ended=False, rest=_ANY_MORE.sub("", clause.rest))


def as_ended(candidate: Candidate) -> Candidate:
    """The candidate as an ending."""
    return Candidate("life_context", NO_LONGER + candidate.value)


def passed_away(text: str) -> Iterator[Candidate]:
    """ "Miso died last month", "Our dog Rex has passed away": of somebody with a name."""
    if found := _DIED.match(text):
        yield Candidate("life_context", NOT_ALIVE + found.group(1))

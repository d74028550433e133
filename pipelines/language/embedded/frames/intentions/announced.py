"""Plans and decisions that a sentence announces: "The plan is to ...", "Decision: ...", "We agreed: ..."."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import word_set
from pipelines.work import late_patterns as re

PLAN_WORDS = word_set("plan decision decided goal verdict choice consensus agreement call resolved agreed conclusion")
_PLAN = re.compile(
    r"(?:^|[,;:] |\b(?:and|so|but) )(?:the|our|my|final|team) ?(?:final |new )?"
    r"(plan|decision|goal|verdict|choice|consensus|agreement|call) (?:is|was|was made) (?:to|that|made to)?\s*(.+)",
    re.IGNORECASE,
)
_PLANS = word_set("plan decision goal verdict choice consensus agreement call")
_LABELLED_DECISION = re.compile(
    r"\s*(?:final )?(?:decision|decided|resolved|agreed|conclusion)(?: (?:is |was )?(?:made|final|reached|taken))?"
    r"(?: (?:on|about|for|regarding) ([^:;.!?\x01]{3,60}))?\s*(?::|-|\u2013)\s*(.+)",
    re.IGNORECASE,
)


_OF_ANYBODY = re.compile(r"\bthe (?:final )?goal is\b", re.IGNORECASE)  # of a game, of a method


def plan_opening(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """What is planned or decided: "The plan is to ...", "Decision: ...", "We agreed: ..."."""
    label = _LABELLED_DECISION.match(text)
    found = None if label or _PLANS.isdisjoint(words) else _PLAN.search(text[:300])
    if label:
        topic = noun_phrase(label.group(1) or "", 8)
        yield Candidate(
            "decision", f"{topic}: {statement(label.group(2), 16)}" if topic else statement(label.group(2), 16)
        )
    elif found and len(found.group(2).split()) > 1:
        kind = found.group(1).lower()
        if kind in {"plan", "goal"} and (
            " was " in found.group().lower() or _OF_ANYBODY.search(found.group())
        ):  # what came of it, nobody says
            return
        yield Candidate("commitment" if kind in {"plan", "goal"} else "decision", noun_phrase(found.group(2), 16))

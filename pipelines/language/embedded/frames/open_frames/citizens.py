"""Whose citizen the user is: "I'm a Swedish citizen since yesterday", "I'm now a US citizen"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.being import NATION_NAMES
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_NATIONS = alternatives(f"{NATION_NAMES} {NATION_NAMES.lower()}")
_AS_WHAT = alternatives("officially finally now proudly a an proud dual new naturalized naturalised")
_CITIZEN = re.compile(
    rf"\s*(?:{_AS_WHAT} ){{0,3}}"
    rf"((?-i:US|U\.S\.?|UK|EU|{_NATIONS})(?:[ -](?-i:{_NATIONS}))?) citizen\b(?! \w+(?:ist|er)\b)",
    re.IGNORECASE,
)
_STATES = {"us": "American", "u.s": "American", "u.s.": "American", "uk": "British"}


def citizen(clause: Clause) -> Iterator[Candidate]:
    """I'm a Swedish citizen since yesterday; I'm now a US citizen."""
    found = _CITIZEN.match(clause.rest) if clause.who == "i" and "citizen" in clause.rest else None
    if found and not (clause.negated or clause.unreal or clause.modal or clause.past or clause.was):
        yield Candidate("life_context", f"{_STATES.get(found[1].lower(), found[1])} citizen")

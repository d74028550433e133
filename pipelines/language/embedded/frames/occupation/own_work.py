"""Work that is told as what one does or has: "I do QA for a bank", "I have a small bakery in Cork"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, one_clause, with_article
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_KINDS_OF_WORK = alternatives(
    "qa it hr pr marketing sales accounting bookkeeping payroll customer_service customer_support tech_support admin "
    "security data_entry graphic_design web_design logistics reception quality_assurance research communications"
)
_DOES_WORK = re.compile(rf"\s*({_KINDS_OF_WORK} (?:for|at) (?:an?|the|my|(?-i:[A-Z])).*)", re.IGNORECASE)


def does(clause: Clause) -> Iterator[Candidate]:
    """I do QA for a bank in Charlotte."""
    found = _DOES_WORK.match(clause.rest)
    if found and not (clause.negated or clause.unreal or clause.past or clause.modal or clause.used_to):
        yield Candidate("occupation", one_clause(noun_phrase(found.group(1), 8)))


_OWN_BUSINESSES = alternatives(
    "bakery restaurant salon bookshop clinic workshop guesthouse winery brewery nursery pharmacy cafe caf\u00e9 "
    "barbershop"
)
_OWN_BUSINESS = re.compile(
    rf"\s*(?:an? |my own )((?:(?:small|tiny|little|family|own|busy) )*(?:\w+ )?{_OWN_BUSINESSES}"
    r"(?= (?:in|with|on|near|at|outside|of)\b|[,.;!]|$).*)",
    re.IGNORECASE,
)


def keeps(clause: Clause) -> Iterator[Candidate]:
    """I have a small bakery in Cork."""
    found = _OWN_BUSINESS.match(clause.rest)
    if found and not (clause.negated or clause.unreal or clause.past or clause.modal or clause.used_to):
        yield Candidate("occupation", f"runs {with_article(noun_phrase(found.group(1), 8))}")

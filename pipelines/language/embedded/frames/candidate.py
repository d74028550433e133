"""What a frame yields: a fact that does not yet know its message."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pipelines.contract import Category
from pipelines.language.embedded.grammar.clause import Clause


class Candidate(NamedTuple):
    """Category, value and detail as in `Fact`; `rule` is the innermost frame that read it."""

    category: Category
    value: str
    detail: str = ""
    rule: str = ""


Frame = Callable[[Clause], Iterable[Candidate]]


def read_by(frame: Callable[..., Iterable[Candidate]], *read: Any) -> list[Candidate]:
    """What a frame yields for what it is given, each with the frame's name unless a closer one has named itself."""
    return [candidate if candidate.rule else candidate._replace(rule=rule_of(frame)) for candidate in frame(*read)]


def rule_of(frame: Callable[..., Iterable[Candidate]]) -> str:
    """A frame's name as it is counted: "home.live"."""
    return f"{frame.__module__.rpartition('.')[2]}.{frame.__name__.strip('_')}"


def distinct(found: Iterable[Candidate]) -> list[Candidate]:
    """Each value once: what another of its kind tells is left out."""
    kept: list[Candidate] = []
    for candidate in found:
        if not any(_is_told_by(each, candidate) for each in kept):
            kept.append(candidate)
    return kept


def _is_told_by(told: Candidate, candidate: Candidate) -> bool:
    value, key = told.value.lower(), candidate.value.lower()
    return key in value if told.category == candidate.category else key == value

"""What a frame yields: a fact that does not yet know its message."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipelines.contract import Category
from pipelines.language.embedded.grammar.clause import Clause


class Candidate(NamedTuple):
    """Category, value and detail as in `Fact`."""

    category: Category
    value: str
    detail: str = ""


Frame = Callable[[Clause], Iterable[Candidate]]

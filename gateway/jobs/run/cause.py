"""Whose fault it is that a run failed, for every error that it may end with. What nobody knows is the pipeline's."""

from collections.abc import Sequence
from typing import Final, TypeAlias, get_args

from pipelines.contract import Cause, PipelineError

CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
Known: TypeAlias = Sequence[tuple[type[BaseException], Cause]]  # the first that fits counts


def cause_of(error: BaseException, known: Known = ()) -> Cause:
    """An expected failure says it itself; `known` are errors of libraries, which cannot."""
    if isinstance(error, PipelineError):
        return error.cause
    return next((cause for type_, cause in known if isinstance(error, type_)), "pipeline")

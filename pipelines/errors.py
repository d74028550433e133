"""Expected failures of a pipeline, and whose fault each is. Read them from `pipelines.contract`."""

from typing import Literal

Cause = Literal[
    "input",  # the user's file or request
    "pipeline",  # its code, time or memory
    "operator",  # somebody cancelled it, or the deployment lacks what it needs
    "dependency:database",
    "dependency:storage",
    "dependency:provider",
]


class PipelineError(Exception):
    """An expected failure: `retryable` later, `needs_operator` before (a key, a right); `cause`: whose fault it is."""

    cause: Cause = "pipeline"
    needs_operator: bool = False

    def __init__(
        self, message: str, *, retryable: bool = False, cause: Cause | None = None, needs_operator: bool = False
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.cause = cause or self.cause
        self.needs_operator = needs_operator or self.needs_operator


class ExportError(PipelineError):
    """The export cannot be used; the message says why, in words for the user."""

    cause: Cause = "input"

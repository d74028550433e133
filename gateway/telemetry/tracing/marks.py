"""What is marked as a span, and the marks of a process that traces nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, NamedTuple, Protocol

from flags.model import Decision
from pipelines.language.provider.calls.events import Call, Notify

End = Callable[[str], None]  # says the outcome


class TracedAccept(NamedTuple):
    """What came of an accept. `joined`: the job was already under way."""

    job_id: str
    pipeline: str
    joined: bool


EndAccept = Callable[[TracedAccept], None]


class TracedRun(NamedTuple):
    """A run of a pipeline, as its span tells of it."""

    job_id: str
    pipeline: str
    mode: str  # "primary", "shadow" or "noise"
    attempt: int = 1
    reason: str | None = None  # of the decision; None where no flag chose the pipeline


class Tracing(Protocol):
    """Marks what is done inside its blocks. Where it is not `on`, nothing is put in the way of an accept."""

    @property
    def on(self) -> bool: ...

    def accept(self, job_id: str, decision: Decision) -> AbstractContextManager[EndAccept]:
        """An accept, from its beginning to its commit or its failure."""
        ...

    def run(self, run: TracedRun) -> AbstractContextManager[End]: ...

    def step(self, name: str) -> AbstractContextManager[None]: ...

    def call(self, call: Call) -> AbstractContextManager[None]:
        """One request to a language provider."""
        ...

    def hear(self, notify: Notify) -> Notify:
        """What a provider tells, passed on, and written on the request that is under way."""
        ...


class Untraced:
    """Marks nothing."""

    on: Literal[False] = False

    def accept(self, job_id: str, decision: Decision) -> AbstractContextManager[EndAccept]:  # noqa: ARG002
        return nullcontext(ignore)

    def run(self, run: TracedRun) -> AbstractContextManager[End]:  # noqa: ARG002 - the protocol's
        return nullcontext(ignore)

    def step(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    def call(self, call: Call) -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    def hear(self, notify: Notify) -> Notify:
        return notify


UNTRACED = Untraced()


def ignore(_outcome: object) -> None:
    """No span is open: the outcome is written nowhere."""

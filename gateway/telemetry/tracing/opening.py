"""Tracing, off unless OTEL_EXPORTER_OTLP_ENDPOINT is set: what the gateway marks as spans, and what opens it.

OpenTelemetry is imported only when tracing is configured.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from gateway.config.settings import Settings

if TYPE_CHECKING:
    from gateway.jobs.accept.accepter import Accepter
    from gateway.jobs.accept.store import AcceptStore
    from gateway.telemetry.metrics import Metrics
    from pipelines.language.provider.events import Call, Notify

MISSING_EXTRA = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set but {} is not installed: install the extra `tracing` "
    "(soulprint-gateway[tracing])"
)

End = Callable[[str], None]  # tells the outcome


class TracingConfigError(Exception):
    """Tracing is configured and cannot work; the message names what to install."""


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

    def build_accepter(self, store: "AcceptStore", metrics: "Metrics") -> "Accepter":
        """An accepter that marks its accepts."""
        ...

    def run(self, run: TracedRun) -> AbstractContextManager[End]: ...

    def step(self, name: str) -> AbstractContextManager[None]: ...

    def call(self, call: "Call") -> AbstractContextManager[None]:
        """One request to a language provider."""
        ...

    def hear(self, notify: "Notify") -> "Notify":
        """What a provider tells, passed on, and written on the request that is under way."""
        ...


class Untraced:
    """Marks nothing."""

    on: Literal[False] = False

    def build_accepter(self, store: "AcceptStore", metrics: "Metrics") -> "Accepter":
        from gateway.jobs.accept.accepter import Accepter  # noqa: PLC0415 - it need not be there for a run

        return Accepter(store, metrics)

    def run(self, run: TracedRun) -> AbstractContextManager[End]:  # noqa: ARG002 - the protocol's
        return nullcontext(ignore)

    def step(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    def call(self, call: "Call") -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    def hear(self, notify: "Notify") -> "Notify":
        return notify


UNTRACED = Untraced()


def ignore(_outcome: str) -> None:
    """Nobody wants to know how it ended."""


@asynccontextmanager
async def open_tracing(settings: Settings) -> AsyncIterator[Tracing]:
    """What the settings ask for, for as long as the process lives; the last spans are sent at its end.

    Raises TracingConfigError when tracing is configured and OpenTelemetry is not installed.
    """
    if settings.otel_exporter_otlp_endpoint is None:
        yield UNTRACED
        return
    try:
        from gateway.telemetry.tracing import otel  # noqa: PLC0415 - needs the extra
    except ImportError as missing:
        raise TracingConfigError(MISSING_EXTRA.format(missing.name)) from missing
    async with otel.exported(settings, settings.otel_exporter_otlp_endpoint) as opened:
        yield opened

"""A job's trace is found by its id: the job's 128 bits are the trace's. Needs the extra `tracing`.

So an accept and the runs of its job, in other processes and hours later, are one trace, and nothing is stored for it.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    TraceFlags,
    TraceState,
    set_span_in_context,
)
from opentelemetry.util.types import Attributes

RANDOM_BITS = 56  # of a trace id, the rightmost: those of a UUID, too, are random
ROOT: ContextVar[SpanContext | None] = ContextVar("root", default=None)


def root_of(job_id: str) -> SpanContext:
    """The first span of a job's trace, whichever process made it. Neither id is ever zero: a UUID has a version."""
    number = uuid.UUID(job_id).int
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(trace_id=number, span_id=number >> 64, is_remote=True, trace_flags=flags)


def below(root: SpanContext) -> Context:
    """The context of a span whose parent is the job's first one."""
    return set_span_in_context(NonRecordingSpan(root), Context())


@contextmanager
def first_span(root: SpanContext) -> Iterator[Context]:
    """A span begun inside, in this context, is the job's first one."""
    token = ROOT.set(root)
    try:
        yield Context()
    finally:
        ROOT.reset(token)


class JobIds(RandomIdGenerator):
    """Ids as usual, except for a job's first span."""

    def generate_trace_id(self) -> int:
        root = ROOT.get()
        return super().generate_trace_id() if root is None else root.trace_id

    def generate_span_id(self) -> int:
        root = ROOT.get()
        return super().generate_span_id() if root is None else root.span_id


class ShareOfTraces(Sampler):
    """Takes a share of all traces, judged by their ids alone: every process takes the same ones.

    OpenTelemetry's own sampler judges by 64 bits, and the first two of those are the same in every UUID.
    """

    def __init__(self, percent: float) -> None:
        self._percent = percent
        self._bound = round((1 << RANDOM_BITS) * percent / 100)

    def should_sample(  # noqa: PLR0913, PLR0917 - the interface's
        self,
        parent_context: Context | None,  # noqa: ARG002 - the interface's
        trace_id: int,
        name: str,  # noqa: ARG002
        kind: SpanKind | None = None,  # noqa: ARG002
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,  # noqa: ARG002
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        taken = trace_id % (1 << RANDOM_BITS) < self._bound
        return SamplingResult(Decision.RECORD_AND_SAMPLE if taken else Decision.DROP, attributes, trace_state)

    def get_description(self) -> str:
        return f"ShareOfTraces{{{self._percent:g} %}}"

"""The gateway's spans, with OpenTelemetry. Needs the extra `tracing`; never holds a user's id or words."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import Literal

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from flags.model import Decision, Versions, flag_of
from gateway.config.settings import Settings
from gateway.telemetry.tracing.ids import JobIds, ShareOfTraces, below, first_span, root_of
from gateway.telemetry.tracing.marks import End, EndAccept, TracedAccept, TracedRun
from gateway.telemetry.tracing.traceparent import TRACEPARENT
from pipelines.language.provider.calls.events import Call, Notice, Notify
from pipelines.versions import list_versions

# Our reasons in the words of the semantic conventions for feature flags; ours is in `gateway.reason`.
REASONS = {"flag": "split", "rolled_back": "split", "override": "static", "forced": "static"}
NO_EVALUATION = "default"
LAST_SECONDS = 3.0  # for the spans that are left when the process stops: a collector that is away delays no deploy
VENDORS = {"bedrock": "aws.bedrock"}  # where OpenTelemetry's name is another


class Spans:
    """Makes the spans of one process."""

    on: Literal[True] = True

    def __init__(self, settings: Settings, processor: SpanProcessor) -> None:
        self._provider = TracerProvider(
            sampler=ShareOfTraces(settings.trace_sample_percent), id_generator=JobIds(), resource=describe_process()
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("soulprint-gateway", version("soulprint-gateway"))
        self._versions = Versions.known(list_versions(), settings.base_pipeline, settings.candidate_pipeline)
        self._flag: dict[str, AttributeValue] = {
            "feature_flag.provider.name": "file" if settings.unleash_url is None else "unleash",
        }

    def shutdown(self) -> None:
        """Send what waits to be sent. Takes as long as the collector does."""
        self._provider.shutdown()

    @contextmanager
    def accept(self, job_id: str, decision: Decision) -> Iterator[EndAccept]:
        """The first span of the job's trace, begun late: whose trace it is, is known when the accept has ended.

        One that fails gets a trace of its own.
        """
        began = time.time_ns()
        decided = self._decided(decision.pipeline, decision.reason)

        def end(accepted: TracedAccept) -> None:
            attributes: dict[str, AttributeValue] = {
                **decided,
                "feature_flag.version": decision.revision,
                "gateway.dial": decision.dial,
                "gateway.job.id": accepted.job_id,
                "gateway.pipeline": accepted.pipeline,
                "gateway.mode": "primary",
                "gateway.joined": accepted.joined,
            }
            self._accept(accepted.job_id, began, attributes, first=not accepted.joined).end()

        try:
            yield end
        except BaseException as error:
            span = self._accept(job_id, began, decided, first=True)
            fail(span, type(error).__name__)
            span.end()
            raise

    @contextmanager
    def run(self, run: TracedRun) -> Iterator[End]:
        attributes: dict[str, AttributeValue] = {
            "gateway.job.id": run.job_id,
            "gateway.pipeline": run.pipeline,
            "gateway.mode": run.mode,
            "gateway.attempt": run.attempt,
        }
        if run.reason is not None:
            attributes |= self._decided(run.pipeline, run.reason)
        name = "job" if run.mode == "primary" else run.mode
        context = below(root_of(run.job_id))
        with self._tracer.start_as_current_span(
            name,
            context,
            SpanKind.CONSUMER,
            attributes,
            record_exception=False,  # what it says may be a user's words
            set_status_on_exception=False,
        ) as span:

            def end(outcome: str) -> None:
                span.set_attribute("gateway.outcome", outcome)
                if outcome == "failed":
                    fail(span, outcome)

            yield end

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        with self._inside(f"step {name.partition('/')[0]}", SpanKind.INTERNAL, {"gateway.step": name}):
            yield

    @contextmanager
    def call(self, call: Call) -> Iterator[None]:
        attributes = {
            "gen_ai.operation.name": call.operation,
            "gen_ai.provider.name": VENDORS.get(call.vendor, call.vendor),
            "gen_ai.request.model": call.model,
        }
        with self._inside(f"{call.operation} {call.model}", SpanKind.CLIENT, attributes):
            yield

    def hear(self, notify: Notify) -> Notify:
        def hear(notice: Notice, amount: float) -> None:
            if notice in {"input_tokens", "output_tokens"}:
                get_current_span().set_attribute(f"gen_ai.usage.{notice}", int(amount))
            notify(notice, amount)

        return hear

    def _accept(self, job_id: str, began: int, attributes: Mapping[str, AttributeValue], *, first: bool) -> Span:
        root = root_of(job_id)
        if not first:  # the job was under way: its trace has its first span
            return self._tracer.start_span(
                "accept", below(root), SpanKind.SERVER, attributes, incoming_links(), start_time=began
            )
        with first_span(root) as context:
            return self._tracer.start_span(
                "accept", context, SpanKind.SERVER, attributes, incoming_links(), start_time=began
            )

    @contextmanager
    def _inside(self, name: str, kind: SpanKind, attributes: Mapping[str, AttributeValue]) -> Iterator[None]:
        """A span under the current one. A failure is told by its name."""
        with self._tracer.start_as_current_span(
            name, None, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                fail(span, type(error).__name__)
                raise

    def _decided(self, variant: str, reason: str) -> dict[str, AttributeValue]:
        return {
            **self._flag,
            "feature_flag.key": flag_of(variant if variant in self._versions.flagged else self._versions.candidate),
            "feature_flag.result.variant": variant,
            "feature_flag.result.reason": REASONS.get(reason, NO_EVALUATION),
            "gateway.reason": reason,
        }


def incoming_links() -> list[Link]:
    """A link to the trace that the request came with, if it came with one that can be read."""
    header = TRACEPARENT.get()
    if header is None:
        return []
    context = TraceContextTextMapPropagator().extract({"traceparent": header})
    incoming = get_current_span(context).get_span_context()
    return [Link(incoming)] if incoming.is_valid else []


def fail(span: Span, what: str) -> None:
    """Mark a span as failed, by the name of the failure alone."""
    span.set_attribute("error.type", what)
    span.set_status(StatusCode.ERROR)


def describe_process() -> Resource:
    """Who sends the spans. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say it otherwise."""
    ours = {"service.name": "soulprint-gateway", "service.version": version("soulprint-gateway")}
    return Resource.create({**ours, **OTELResourceDetector().detect().attributes})


@asynccontextmanager
async def exported(settings: Settings, endpoint: str) -> AsyncIterator[Spans]:
    """Spans that a thread sends to a collector over OTLP/HTTP: nobody waits for them, and too many are dropped."""
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
    spans = Spans(settings, BatchSpanProcessor(exporter))
    try:
        yield spans
    finally:
        limit = asyncio.get_running_loop().call_later(LAST_SECONDS, exporter.shutdown)
        try:
            await asyncio.to_thread(spans.shutdown)
        finally:
            limit.cancel()

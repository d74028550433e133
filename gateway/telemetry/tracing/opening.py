"""Opens tracing: off unless OTEL_EXPORTER_OTLP_ENDPOINT is set. OpenTelemetry is imported only where it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.config.settings import Settings
from gateway.telemetry.tracing.marks import UNTRACED, Tracing

MISSING_EXTRA = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set but {} is not installed: install the extra `tracing` "
    "(soulprint-gateway[tracing])"
)


class TracingConfigError(Exception):
    """Tracing is configured and cannot work; the message names what to install."""


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

"""Traces: what is marked as a span, and OpenTelemetry behind it where it is configured."""

"""What a language provider tells beside its answers, counted for the run that asked."""

from typing import TYPE_CHECKING

from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.run_labels import RUN

if TYPE_CHECKING:
    from pipelines.language.provider.calls.events import Notice, Notify


def count_language(metrics: Metrics) -> "Notify":
    """Counts into the process's metrics."""

    def notify(notice: "Notice", amount: float) -> None:
        run = RUN.get()
        match notice:
            case "call" | "retry" | "failure":
                metrics.language_calls.labels(*run, notice).inc(amount)
            case "input_tokens" | "output_tokens":
                metrics.language_tokens.labels(*run, notice.removesuffix("_tokens")).inc(amount)
            case "cost_usd":
                metrics.language_cost.labels(*run).inc(amount)
            case "unsupported_fact" | "unsupported_line" | "truncated" | "skipped" | "unpriced":
                metrics.language_dropped.labels(*run, notice).inc(amount)

    return notify

"""What a language provider tells beside its answers, counted."""

from typing import TYPE_CHECKING

from gateway.metrics import Metrics

if TYPE_CHECKING:
    from pipelines.language.provider.notice import Notice, Notify


def count_language(metrics: Metrics) -> "Notify":
    """Counts into the process's metrics."""

    def notify(notice: "Notice", amount: float) -> None:
        match notice:
            case "call" | "retry" | "failure":
                metrics.language_calls.labels(notice).inc(amount)
            case "input_tokens" | "output_tokens":
                metrics.language_tokens.labels(notice.removesuffix("_tokens")).inc(amount)
            case "cost_usd":
                metrics.language_cost.inc(amount)
            case "unsupported_fact" | "unsupported_line" | "truncated" | "unpriced":
                metrics.language_dropped.labels(notice).inc(amount)

    return notify

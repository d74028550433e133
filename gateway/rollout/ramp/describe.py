"""How people write plans, `1,5,25` and `1h`, and how they read a ramp."""

import re
from typing import Any

from gateway.rollout.ramp.plan import Ramp, RampError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")


def parse_steps(text: str) -> tuple[float, ...]:
    """`1,5,25,50,100`. Raises RampError."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise RampError(f"{text!r} are not steps: write percentages, like 1,5,25,50,100") from None


def parse_span(text: str) -> float:
    """`30s`, `15m`, `1h`, `2d`, in seconds. Raises RampError."""
    found = SPAN.fullmatch(text.strip())
    if found is None:
        raise RampError(f"{text!r} is not a time: write 30s, 15m, 1h or 2d")
    return float(found[1]) * SECONDS[found[2] or "s"]


def describe(ramp: Ramp) -> dict[str, Any]:
    """A ramp as JSON, for programs."""
    return {
        "id": ramp.id,
        "pipeline": ramp.plan.pipeline,
        "state": ramp.state,
        "version": ramp.version,
        "steps": list(ramp.plan.steps),
        "step": ramp.step + 1,
        "target": ramp.target,
        "in_force_since": ramp.moved_at,
        "hold_seconds": ramp.plan.hold_seconds,
        "min_jobs": ramp.plan.min_jobs,
        "auto_rollback": ramp.plan.auto_rollback,
        "margin": ramp.plan.margin,
        "note": ramp.note,
        "findings": ramp.verdict or [],
        "actor": ramp.actor,
        "why": ramp.why,
        "started_at": ramp.started_at,
        "looked_at": ramp.looked_at,
        "ended_at": ramp.ended_at,
    }

"""What the guard keeps of a rollout, as people and programs read it."""

from typing import Any

from gateway.rollout.guard.store import GuardedRollout


def describe_guarded(rollout: GuardedRollout) -> dict[str, Any]:
    """As JSON."""
    verdict = rollout.verdict or {}
    return {
        "pipeline": rollout.pipeline,
        "against": rollout.against,
        "state": rollout.state,
        "since": rollout.started_at,
        "why": rollout.why,
        "phase": verdict.get("phase", "inconclusive"),
        "findings": verdict.get("findings", []),
        "verdict": verdict,
        "looked_at": rollout.looked_at,
        "acted_at": rollout.acted_at,
    }

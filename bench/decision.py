"""What one decision costs: compiled, by UnleashClient, and by its bare engine; ratios of one run.

python -m bench.decision
"""

import json
import time
from collections.abc import Callable

from yggdrasil_engine.engine import UnleashEngine

from flags.change.edit import with_percent, with_user
from flags.document.document import read_document
from flags.evaluate.decider import Decider
from flags.model import SHADOW_FLAG, V2_FLAG

USERS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(2_000)]
ROUNDS = 7
GOAL = 20.0  # the compiled decision of both flags against one question to UnleashClient, at least


def flag_document(percent: float) -> bytes:
    """Both flags as the gateway makes them, with a user named on each side."""
    split = with_percent((), V2_FLAG, percent)
    split = with_user(with_user(split, V2_FLAG, "vip", "v2"), V2_FLAG, "careful", "v1")
    features = [
        {"name": V2_FLAG, "enabled": True, "strategies": split},
        {"name": SHADOW_FLAG, "enabled": True, "strategies": with_percent((), SHADOW_FLAG, 10)},
    ]
    return json.dumps({"version": 2, "features": features}).encode()


def microseconds(question: Callable[[str], object]) -> float:
    """What one question costs, over many users."""
    begun = time.perf_counter()
    for user in USERS:
        question(user)
    return (time.perf_counter() - begun) / len(USERS) * 1e6


def compare(ways: dict[str, Callable[[str], object]]) -> dict[str, float]:
    """Each way's least disturbed round; rounds take turns, so that a busy machine troubles all ways alike."""
    rounds = [{way: microseconds(question) for way, question in ways.items()} for _ in range(ROUNDS)]
    return {way: min(costs[way] for costs in rounds) for way in ways}


def measure(percent: float) -> dict[str, float]:
    """Microseconds by way of asking."""
    document = read_document(flag_document(percent))
    decider = Decider(document, same_share=10, app_name="bench", environment="development")
    if decider.not_compiled:
        raise SystemExit(f"not compiled: {decider.not_compiled}")
    bare = UnleashEngine()
    bare.take_state(document.engine_json)
    return compare(
        {
            "compiled: decision with shadow sample (two flags)": decider.decide,
            "compiled: one flag": decider.split,
            "engine alone: one flag": lambda user: bare.check_enabled(V2_FLAG, {"userId": user}),
            "UnleashClient: one flag": lambda user: decider.engine.is_on(V2_FLAG, user),
        }
    )


def main() -> None:
    """Print a table for a whole percentage and for a fraction."""
    worst = float("inf")
    for percent in (25, 0.5):
        costs = measure(percent)
        sdk = costs["UnleashClient: one flag"]
        print(f"\n{percent:g} %, users named on both sides")
        for way, cost in costs.items():
            print(f"  {way:<52}{cost:8.2f} us {sdk / cost:8.1f} x UnleashClient")
        worst = min(worst, sdk / costs["compiled: decision with shadow sample (two flags)"])
    print(f"\ndecision against UnleashClient: {worst:.1f} x (goal: at least {GOAL:g} x)")
    raise SystemExit(0 if worst >= GOAL else 1)


if __name__ == "__main__":
    main()

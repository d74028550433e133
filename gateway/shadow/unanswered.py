"""A version that was ended before it answered: for its user an outcome like any other, so it is a pair too."""

import msgspec

from gateway.shadow.compare.harm import judge_effects
from gateway.shadow.compare.model import Failure, Outcome
from gateway.shadow.compare.pair import compare
from gateway.shadow.model import Claimed, Pair
from gateway.shadow.sandbox.protocol import PrimaryRun, outcome_of

# Endings that are the version's own doing. A day's budget that is spent, and users who came first, are not: such pairs
# are missing.
OWN_ENDINGS = frozenset({"crashed", "timed_out", "out_of_memory", "flooded"})
SHOWN_CHARACTERS = 6_000


def pair_without_answer(claimed: Claimed, ending: str, reason: str, seconds: float) -> Pair | None:
    """The pair of a run that ended so; None when it was not the version in question, or not its own doing, or when no
    other run of it is known."""
    plan, pipeline = claimed.plan, claimed.other.pipeline
    if ending not in OWN_ENDINGS or not claimed.other.primary_is_one or claimed.other.twice:
        return None
    run = msgspec.json.decode(claimed.primary_run, type=PrimaryRun)
    one = outcome_of(run, plan.primary_pipeline, ())
    other = Outcome(pipeline, None, Failure(ending, reason), seconds=seconds)
    comparison = compare(one, other)
    comparison = msgspec.structs.replace(
        comparison,
        effects=judge_effects(one, other, comparison),
        texts=(((run.result and run.result.soulprint_text) or "")[:SHOWN_CHARACTERS], ""),
        conversations=None if run.result is None else run.result.total_conversations,
    )
    return Pair(plan.primary_pipeline, pipeline, "one", comparison)

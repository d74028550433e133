"""What a version does to a user whom another version serves: harms, gains and style, side by side, never summed.

`one` is what the user has, or would have; `other` is the version in question. A harm is never outvoted by a gain:

- wrong_person: a name, an id or a fact that is not in this user's export (`foreign.py`);
- failed: no result where the one has one: an error, a refusal, a time-out, killed for its memory;
- lost: a fact, a section or a memory that the one has and the other lacks or contradicts; other words are no loss;
- garbled: case, encoding, truncation, repetition, blank where the one is full;
- slower: by a factor, and by a time that is felt.

Gains are `found` (facts, memories, items) and `filled` (a field in which the one says nothing). What is said in other
words is `style`.
"""

import math
from collections.abc import Iterable, Sequence

from gateway.shadow.compare.expected import Expected
from gateway.shadow.compare.garbled import garbled
from gateway.shadow.compare.losses import facts_lost, fields_lost
from gateway.shadow.compare.model import HARMS, Comparison, Effects, Finding, Outcome
from gateway.shadow.compare.pair import fields_of

SLOWER_TIMES = 2.0
SLOWER_SECONDS = 2.0  # less is not felt, whatever the factor
MAX_FINDINGS = 40  # of each kind of effect in each list

NOTHING_EXPECTED = Expected()


def judge_effects(
    one: Outcome,
    other: Outcome,
    comparison: Comparison,
    expected: Expected = NOTHING_EXPECTED,
    foreign: Sequence[Finding] | None = None,
) -> Effects:
    """The effects of `other`, whose `comparison` with `one` is known. `foreign`: what it says that is not in the
    export, None when that was not looked up. Never raises, whatever the runs hold."""
    found = [*effects_on_result(one, other, comparison), *(foreign or ())]
    folded = [finding for finding in found if expected.folds(finding)]
    kept = [finding for finding in found if not expected.folds(finding)]
    return Effects(
        harms=bounded(finding for harm in HARMS for finding in kept if finding.effect == harm),
        gains=bounded(finding for finding in kept if finding.effect in ("found", "filled")),
        style=bounded(finding for finding in kept if finding.effect == "style"),
        expected=bounded(folded),
        held_against_export=foreign is not None,
    )


def effects_on_result(one: Outcome, other: Outcome, comparison: Comparison) -> list[Finding]:
    """All effects that show in the two results alone."""
    if one.result is None or other.result is None:
        return failed(one, other)
    left, right = fields_of(one, one.result), fields_of(other, other.result)
    return [
        *facts_lost(comparison.facts),
        *fields_lost(left, right),
        *garbled(left, right),
        *slower(one.seconds, other.seconds),
    ]


def failed(one: Outcome, other: Outcome) -> list[Finding]:
    """A failure harms whom the one would have served, and nobody else."""
    if one.result is not None:
        return [Finding("failed", "result", other.failure.kind if other.failure else "no result")]
    return [] if other.result is None else [Finding("filled", "result")]


def slower(one: float, other: float) -> list[Finding]:
    """Whether the same export took the other side so much longer that somebody notices."""
    if not (math.isfinite(one) and math.isfinite(other)) or one <= 0:
        return []
    if other < one * SLOWER_TIMES or other - one < SLOWER_SECONDS:
        return []
    return [Finding("slower", "seconds", f"{one:.1f} s, {other:.1f} s")]


def harms_of(effects: Effects | None) -> list[str]:
    """The names of the harms, each once, the worst first."""
    present = {finding.effect for finding in effects.harms} if effects else set()
    return [harm for harm in HARMS if harm in present]


def gains_of(effects: Effects) -> list[str]:
    """The names of the gains, each once."""
    return sorted({finding.effect for finding in effects.gains})


def bounded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most so many findings of each effect."""
    seen: dict[str, int] = {}
    kept = []
    for finding in findings:
        seen[finding.effect] = seen.get(finding.effect, 0) + 1
        if seen[finding.effect] <= MAX_FINDINGS:
            kept.append(finding)
    return tuple(kept)

"""What "Is it safe?" shows, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flags.model import Pipeline
from gateway.rollout.guard.judge import Mode
from gateway.rollout.guard.looks import GuardLook
from gateway.rollout.guard.sides import LeftOut
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.history import Entry
from gateway.rollout.ramp.plan import Ramp
from gateway.shadow.report.course import Ended
from gateway.statistics.confidence import Rate, differ
from gateway.web.console.questions.model import Answer, Side, Versus, points_text, share_words
from gateway.web.console.questions.read import Asked
from gateway.web.console.unread import Unread
from gateway.web.console.wording import age_text, day_text, number_word

CHECKS: Final = {
    "sample": "Split", "failures": "Fails more", "time": "Slower", "dependencies": "Services", "guard": "Guard",
    "harm": "Fails more", "overdue": "Overdue jobs", "duration": "Slower", "evidence": "Evidence",
}  # fmt: skip
PHASES: Final = {
    "ok": ("ok", "finds nothing"), "breach": ("bad", "too much"), "inconclusive": ("wait", "cannot tell yet"),
    "error": ("bad", "could not look"),
}  # fmt: skip
STATES: Final = {"answered": "ok", "open": "wait", "harm": "bad", "unknown": "none"}
PAST_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One version that can be looked at."""

    name: Pipeline
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in words."""

    what: str
    state: str  # ok, wait, bad
    phase: str
    message: str


@dataclass(frozen=True, slots=True)
class Past:
    """A verdict as it was at a moment."""

    at: datetime
    what: str
    findings: Sequence[Found]


@dataclass(frozen=True, slots=True)
class GuardBlock:
    """As the guard sees it."""

    says: str  # its state, and when it looked
    would: str  # what it does, or would do
    findings: Sequence[Found]
    steps: Sequence[Past]
    looks: Sequence[Past]


@dataclass(frozen=True, slots=True)
class LeftBlock:
    """What is in no rate. `loud`: the two sides differ by more than chance."""

    rows: Sequence[tuple[str, ...]]
    loud: str = ""


@dataclass(frozen=True, slots=True)
class SafeView:
    """The page. Without a version above the base there is nothing to ask about: `empty` says so."""

    heading: str
    says: str
    choices: Sequence[Choice] = ()
    answers: Sequence[Answer] = ()
    names: tuple[Side, Side] | None = None
    guard: GuardBlock | Unread | None = None
    left: LeftBlock | Unread | None = None
    unread: Sequence[Unread] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read for the page beside the four questions."""

    looks: Sequence[GuardLook] | Unread
    jobs: Sequence[LeftOut] | Unread
    pairs: Sequence[Ended] | Unread
    ramp: Ramp | Unread | None
    mode: Mode


def nothing_to_ask(base: Pipeline) -> SafeView:
    """There is only the base."""
    return SafeView("Is it safe?", "", empty=f"No version is newer than {base}: there is nothing to ask about.")


def safe_view(asked: Asked, beside: Beside, there: Sequence[Pipeline], now: datetime) -> SafeView:
    versus = asked.versus
    name = versus.mine.pipeline
    return SafeView(
        heading=f"Is {name} safe?",
        says=f"{count_answers(asked.answers)} {since_text(versus)}",
        choices=[Choice(one, f"/console/safe?version={one}", one == name) for one in there] if len(there) > 1 else (),
        answers=asked.answers,
        names=(versus.mine, versus.other),
        guard=guard_block(asked, beside, now),
        left=left_block(versus, beside),
        unread=asked.unread,
    )


def count_answers(answers: Sequence[Answer]) -> str:
    """How many of the questions are answered, and whether one of them against the version."""
    done = sum(one.state in {"answered", "harm"} for one in answers)
    harm = [one.title for one in answers if one.state == "harm"]
    if harm:
        return f"Answered against it: {' '.join(harm)}"
    still = len(answers) - done
    are = "is" if done == 1 else "are"
    question = "question" if done == 1 else "questions"
    if not still:
        return "All questions are answered."
    told = f"{number_word(done).capitalize()} {question} {are} answered"
    return f"{told}, {number_word(still)} {'is' if still == 1 else 'are'} open."


def since_text(versus: Versus) -> str:
    mine, other = versus.mine.pipeline, versus.other.pipeline
    stands = f"Nobody gets {mine} now" if versus.dial == 0 else f"{share_words(versus.dial / 100)} of users get {mine}"
    return f"{stands}, held against {other} since {day_text(versus.since)}."


def guard_block(asked: Asked, beside: Beside, now: datetime) -> GuardBlock | Unread:
    """The guard's findings, what it would do, and the verdicts at past steps and looks."""
    guarded, name = asked.guarded, asked.versus.mine.pipeline
    if isinstance(beside.looks, Unread):
        return beside.looks
    return GuardBlock(
        says=guard_says(guarded, name, now),
        would=guard_would(guarded, beside, name),
        findings=findings_of((guarded.verdict or {}).get("findings", ()) if guarded else ()),
        steps=past_steps(asked.entries, name),
        looks=[Past(one.at, PHASES[one.phase][1], findings_of(one.findings)) for one in beside.looks],
    )


def guard_says(guarded: GuardedRollout | None, name: Pipeline, now: datetime) -> str:
    if guarded is None:
        return f"The guard has not looked at {name} yet."
    looked = "has not looked yet" if guarded.looked_at is None else f"looked {age_text(guarded.looked_at, now)}"
    if guarded.state == "rolled_back" and guarded.acted_at is not None:
        return f"The guard turned {name} off {age_text(guarded.acted_at, now)}: {guarded.why}"
    if guarded.state == "would_roll_back":
        return f"The guard would have turned {name} off: {guarded.why}"
    return f"The guard is turning {name} off." if guarded.state == "acting" else f"The guard {looked}."


def guard_would(guarded: GuardedRollout | None, beside: Beside, name: Pipeline) -> str:
    """What happens at a breach."""
    if beside.mode == "off":
        return "It is off (GUARD=off): nobody looks but a ramp, and nothing is turned off by itself."
    if beside.mode == "dry-run":
        return "At a breach it would only say so (GUARD=dry-run)."
    ramp = beside.ramp
    if isinstance(ramp, Ramp) and ramp.active and not ramp.plan.auto_rollback and ramp.plan.pipeline in {None, name}:
        return "At a breach it would only say so: the ramp was started without automatic rollbacks."
    if guarded is not None and guarded.state == "rolled_back":
        return "It acts once a rollout; it looks anew when the dial rises from 0."
    return f"At a breach of failures or time it turns {name} off by itself, for everybody. It never raises the dial."


def findings_of(findings: Sequence[Mapping[str, Any]]) -> list[Found]:
    return [finding_of(one["check"], one["phase"], one["message"]) for one in findings]


def finding_of(check: str, phase: str, message: str) -> Found:
    state, said = PHASES.get(phase, ("none", phase))
    return Found(CHECKS.get(check, check), state, said, message)


def past_steps(entries: Sequence[Entry], name: Pipeline) -> list[Past]:
    """Rows of the history that acted on findings, the newest first."""
    found = [
        Past(one.at, f"{one.change}, {one.actor}", findings_of((one.after.get("verdict") or {}).get("findings") or ()))
        for one in sorted(entries, key=lambda entry: -entry.id)
        if one.after.get("verdict") and (one.pipeline in {None, name})
    ]
    return found[:PAST_STEPS]


def left_block(versus: Versus, beside: Beside) -> LeftBlock | Unread:
    """Comparisons that ended without an answer and jobs that count nowhere, side by side."""
    if isinstance(beside.pairs, Unread):
        return beside.pairs
    if isinstance(beside.jobs, Unread):
        return beside.jobs
    mine, other = versus.mine.pipeline, versus.other.pipeline
    pairs = {(one.pipeline, one.outcome): one.runs for one in beside.pairs}
    ran = {name: sum(runs for (of, _), runs in pairs.items() if of == name) for name in (mine, other)}
    rows = list[tuple[str, ...]]()
    loud = list[str]()
    for outcome in sorted({outcome for _, outcome in pairs} - {"compared"}):
        ended = {name: pairs.get((name, outcome), 0) for name in (mine, other)}
        said = outcome.replace("_", " ")
        rows.append((f"Comparisons: {said}", *(share_of(ended[one], ran[one]) for one in (mine, other))))
        rates = Rate(ended[mine], ran[mine]), Rate(ended[other], ran[other])
        if all(rate.pairs for rate in rates) and differ(*rates):
            more = mine if rates[0].mean > rates[1].mean else other
            points = points_text(abs(rates[0].mean - rates[1].mean))
            loud.append(f"{more}'s runs end so more often than chance allows: {said} ({points}).")
    jobs = {(one.pipeline, one.why): one.jobs for one in beside.jobs}
    for why in sorted({why for _, why in jobs}):
        said = f"Jobs: {'cancelled' if why == 'cancelled' else 'failed by the ' + why.partition(':')[2]}"
        rows.append((said, *(f"{jobs.get((one, why), 0):,}" for one in (mine, other))))
    return LeftBlock(rows, " ".join(loud))


def share_of(some: int, total: int) -> str:
    return f"{some:,} of {total:,}" if total else "none ran"

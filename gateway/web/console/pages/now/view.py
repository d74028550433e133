"""Now, ready to print: every number and every sentence of the page, made of what was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flags.model import Pipeline
from gateway.rollout.guard.store import GuardedRollout
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import Measured, in_force, measure
from gateway.web.console.pages.now.happened import Fact, LogRow, facts_of, log_rows
from gateway.web.console.pages.now.headline import Headline, Verdict, headline_of
from gateway.web.console.pages.now.ramp.block import RampBlock, ramp_block
from gateway.web.console.pages.now.seen import Seen
from gateway.web.console.pages.now.three import Three, since_text, three_of
from gateway.web.console.questions.model import Answer
from gateway.web.console.questions.read import Asked as Asking
from gateway.web.console.wording import age_text, count_text, percent_text, reason_text

WHETHER: Final = {
    "failures": "whether it fails more",
    "time": "whether it is slower",
    "facts": "whether it loses facts",
    "sample": "whether the split is honest",
}
HARMS: Final = {"failures": "fails more", "time": "is slower", "facts": "loses facts"}
HARMED: Final = {"failures": "failed more", "time": "was slower"}  # while users had it; facts are lost in comparisons


@dataclass(frozen=True, slots=True)
class NowView:
    """What stands on the page."""

    headline: Headline
    explains: tuple[str, ...]  # what is open, and what guards
    three: Three
    ramp: RampBlock
    answers: tuple[Answer, ...]  # to the four questions
    outside: str  # who is in no share
    version: Pipeline  # that the questions are about
    others: tuple[Pipeline, ...]  # versions above the base that one may ask about instead
    chart: Chart | None
    chart_text: str  # in its place
    log: tuple[LogRow, ...]
    log_text: str  # in its place
    facts: tuple[Fact, ...]
    base: Pipeline
    warnings: tuple[str, ...]


def view_of(seen: Seen) -> NowView:
    """The page of one look."""
    asked = seen.asked
    force = in_force(seen.processes.value or (), asked.shares)
    measured = measure(seen.counted.value, asked.shares, force)
    questions = seen.questions
    verdicts: list[Verdict] = [one.state for one in questions.answers]
    wrong = seen.watched.is_wrong(seen.now)
    chart = seen.failures.value[0] if seen.failures.value else None
    return NowView(
        headline=headline_of(asked, force, measured, verdicts, wrong=wrong, hurts=hurts_text(questions)),
        explains=explained(seen),
        three=three_of(seen, force, measured),
        ramp=ramp_block(seen),
        answers=questions.answers,
        outside=outside_text(measured),
        version=seen.version,
        others=tuple(version for version in reversed(seen.versions[1:]) if version != seen.version),
        chart=chart,
        chart_text=chart_text(seen) if chart is None else "",
        log=log_rows(seen.history.value or [], seen.now),
        log_text=log_text(seen),
        facts=facts_of(seen),
        base=asked.base,
        warnings=() if asked.rollout is None else asked.rollout.warnings,
    )


def hurts_text(questions: Asking) -> str:
    """What speaks against the version: it stands in the headline instead of how many questions are answered."""
    guarded, version = questions.guarded, questions.versus.mine.pipeline
    if guarded is not None and guarded.state == "rolled_back" and not questions.versus.dial:
        return f"The guard turned {version} off."
    harms = [one.key for one in harming(questions)]
    then = [] if questions.versus.dial else [HARMED[key] for key in harms if key in HARMED]
    now = [HARMS[key] for key in harms if questions.versus.dial or key not in HARMED]
    told = [f"While users had {version}, it {' and '.join(then)}."] if then else []
    return " ".join([*told, f"{version} {' and '.join(now)}."] if now else told)


def harming(questions: Asking) -> list[Answer]:
    """The questions that are answered against the version."""
    return [one for one in questions.answers if one.state == "harm" and one.key in HARMS]


def harm_text(answer: Answer, now: datetime) -> str:
    """What it counts, and since when: `Fails more: 240 of 400 users' jobs failed, ...; counted since 20:40 UTC.`"""
    since = "" if answer.since is None else f"; counted since {since_text(answer.since, now)} UTC"
    return f"{HARMS[answer.key].capitalize()}: {answer.says.rstrip('.')}{since}."


def explained(seen: Seen) -> tuple[str, ...]:
    """Below the headline: what is open, who looks, and what the red button does."""
    questions = seen.questions
    guarded, dial, told = questions.guarded, questions.versus.dial, []
    others_have_one = any(share for name, share in (seen.asked.shares or {}).items() if name != seen.asked.base)
    if guarded is not None and guarded.state == "rolled_back" and guarded.why:
        told += [f"Why: {guarded.why.rstrip('.')}."] if others_have_one else []  # else the strip above says it
    else:
        told += [harm_text(one, seen.now) for one in harming(questions)]
    waiting = [
        f"{WHETHER[one.key]} ({one.need.removeprefix('Open: ')})"
        for one in questions.answers
        if one.state == "open" and one.key in WHETHER
    ]
    if waiting:
        told.append(f"Open: {', '.join(waiting)}.")
    ramp = seen.ramp.value[0] if seen.ramp.value else None
    holds = f"A ramp is at {percent_text(ramp.target)}." if ramp is not None and ramp.state == "running" else ""
    told += [looked_text(guarded, seen.now) if dial else "", holds]
    told.append(f"All to {seen.asked.base} asks nothing, and can be undone.")
    return tuple(text for text in told if text)


def looked_text(guarded: GuardedRollout | None, now: datetime) -> str:
    """When the guard looked last."""
    if guarded is None or guarded.looked_at is None:
        return "The guard has not looked yet."
    return f"The guard looked {age_text(guarded.looked_at, now)}."


def outside_text(measured: Measured) -> str:
    """Users of whom no flag was asked, and why: they are in no share."""
    others = {} if measured.counted is None else measured.counted.others
    told = ", ".join(f"{reason_text(reason)} {count_text(users)}" for reason, users in sorted(others.items()))
    return f"Outside the flag: {told}." if told else ""


def chart_text(seen: Seen) -> str:
    if seen.failures.value is None:
        read = "How users' jobs ended"
        return (
            f"{read} could not be read: {seen.failures.problem}" if seen.failures.problem else f"{read} is being read."
        )
    return "No user's job has ended since then."


def log_text(seen: Seen) -> str:
    if seen.history.value is None:
        return f"The history could not be read: {seen.history.problem}" if seen.history.problem else "Being read."
    return "" if seen.history.value else "Nothing changed yet."

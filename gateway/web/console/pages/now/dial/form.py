"""The form that turns the dial: what was typed, what it would do, and what somebody else did meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flags.change.errors import InvalidChange
from flags.change.shares import flag_percents
from flags.control import check_percent
from flags.model import Pipeline, Rollout
from gateway.rollout.history import Entry
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.pages.now.dial.preview import Line
from gateway.web.console.pages.now.happened import what_text
from gateway.web.console.wording import day_text, percent_text

REASON_ABOVE: Final = 50.0  # percent: whoever gives a version to more users says why


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for by the form. Shares are percent of all users by version."""

    shares: Mapping[Pipeline, float]
    shadow: float | None = None
    why: str = ""
    seen: str = ""  # the version of the rollout that the form was filled in for
    saw: str = ""  # what it said then, in words

    def changed(self, rollout: Rollout) -> dict[Pipeline, float]:
        """The versions that would get another share than they are set to."""
        return {
            version: share for version, share in self.shares.items() if abs(share - set_share(rollout, version)) > 0.05
        }


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is shown again."""

    name: str
    label: str
    value: str
    now: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What somebody else changed since the form was filled in."""

    saw: str
    now: str
    by: str


@dataclass(frozen=True, slots=True)
class DialForm:
    """The form, ready to print."""

    fields: tuple[Field, ...]
    shadow: Field
    why: str
    why_problem: str
    why_note: str  # whether it is needed
    button: str
    seen: str
    saw: str
    preview: tuple[Line, ...]
    news: News | None
    conflict: bool  # it was sent, and nothing was done
    wants: str  # what would be done from what there is now
    shut: str  # why nothing can be changed here
    on: tuple[tuple[Pipeline, str], ...]  # versions whose flag is off, with the share that would come back
    overridden: bool
    problem: str = ""  # of the whole

    @property
    def is_wrong(self) -> bool:
        """Has a field a problem?"""
        return bool(self.problem or self.why_problem or self.shadow.problem or any(one.problem for one in self.fields))


def set_share(rollout: Rollout, version: Pipeline) -> float:
    """A version's share as it is set, also while its flag is off: of one candidate its flag's percentage."""
    if len(rollout.ladder) == 1:
        return rollout.of(version).percent
    return rollout.shares().get(version, 0.0)


def typed_of(form: Form, rollout: Rollout) -> tuple[Wanted, dict[str, str]]:
    """What was typed, and by field what is wrong with it. A field that was not sent stays as it is."""
    shares, problems = dict[Pipeline, float](), dict[str, str]()
    for one in rollout.ladder:
        name = f"share-{one.pipeline}"
        try:
            shares[one.pipeline] = number_of(form, name) if form[name] else set_share(rollout, one.pipeline)
        except FieldError as error:
            problems[name] = error.problem
    shadow: float | None = None
    try:
        shadow = number_of(form, "shadow") if form["shadow"] else None
    except FieldError as error:
        problems["shadow"] = error.problem
    if not problems:
        try:
            check_shares(rollout, shares)
        except InvalidChange as error:
            problems[f"share-{rollout.ladder[0].pipeline}" if rollout.ladder else ""] = error.problem
    seen, saw = form["seen"] or rollout.version, form["saw"] or shares_text(rollout)
    return Wanted(shares, shadow, form["why"], seen, saw), problems


def number_of(form: Form, name: str) -> float:
    """A percentage, by the rules of the dial. Raises FieldError."""
    value = form.number(name)
    try:
        check_percent(value)
    except InvalidChange as error:
        raise FieldError(name, error.problem) from None
    return value


def check_shares(rollout: Rollout, shares: Mapping[Pipeline, float]) -> None:
    """Raises InvalidChange."""
    if len(rollout.ladder) > 1:
        flag_percents(
            rollout, {version: share for version, share in shares.items() if set_share(rollout, version) != share}
        )


def why_problem(wanted: Wanted, rollout: Rollout) -> str:
    """Whoever gives a version to more than half of all users says why."""
    raised = [share for version, share in wanted.changed(rollout).items() if share > set_share(rollout, version)]
    if wanted.why or not any(share > REASON_ABOVE for share in raised):
        return ""
    return f"above {percent_text(REASON_ABOVE)} a reason is needed: it goes into the history"


def after_of(rollout: Rollout, wanted: Wanted) -> Rollout:
    """The rollout with what is wanted. Raises InvalidChange."""
    changed = wanted.changed(rollout)
    percents = changed if len(rollout.ladder) == 1 else flag_percents(rollout, changed)
    for version, percent in percents.items():
        rollout = rollout.at(version, percent)
    return rollout


def news_of(saw: str, now: Rollout, change: Entry | None) -> News:
    """What the form was filled in for, what there is now, and who did it."""
    by = "" if change is None else f"{what_text(change)}, by {change.actor}, {day_text(change.at)}"
    why = "" if change is None or not change.why else f": {change.why}"
    return News(saw, shares_text(now), f"{by}{why}")


def shares_text(rollout: Rollout) -> str:
    """`v3 20 %, v2 20 % (off)`."""
    return ", ".join(
        f"{one.pipeline} {percent_text(set_share(rollout, one.pipeline))}{'' if one.enabled else ' (off)'}"
        for one in rollout.ladder
    )


def wants_text(wanted: Wanted, rollout: Rollout) -> str:
    """`v2 50 % from 10 %`."""
    changed = wanted.changed(rollout)
    told = [
        f"{version} {percent_text(share)} from {percent_text(set_share(rollout, version))}"
        for version, share in changed.items()
    ]
    if wanted.shadow is not None and abs(wanted.shadow - rollout.shadow_percent) > 0.05:
        told.append(f"compared {percent_text(wanted.shadow)} from {percent_text(rollout.shadow_percent)}")
    return ", ".join(told)


def button_text(wanted: Wanted, rollout: Rollout) -> str:
    """What the button does, in so many words."""
    changed = wanted.changed(rollout)
    if len(rollout.ladder) == 1 and changed:
        (share,) = changed.values()
        return f"Set to {percent_text(share)}"
    told = [f"{version} to {percent_text(share)}" for version, share in changed.items()]
    return f"Set {', '.join(told)}" if told else "Set"

"""The page that undoes one change: what it puts back, and what somebody did meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from flags.model import Rollout
from gateway.rollout.history import Entry
from gateway.rollout.undo.act import Change
from gateway.web.console.pages.conflict import Conflicting
from gateway.web.console.pages.history.view import who_text
from gateway.web.console.pages.now.dial.form import shares_text
from gateway.web.console.pages.now.happened import UNCHANGED, rollout_text, what_text
from gateway.web.console.wording import when_text


@dataclass(frozen=True, slots=True)
class UndoView:
    """Ready to print. `refused`: why nothing can be put back."""

    id: int
    heading: str
    rows: tuple[str, ...]  # of the change
    who: str
    why: str
    at: datetime | None = None
    when: str = ""
    lines: tuple[str, ...] = ()  # what becomes as it was
    needs_reason: bool = False
    refused: str = ""
    conflict: Conflicting | None = None
    sent: bool = False  # the button was pressed, and nothing was done
    seen: str = ""  # the version of the rollout for which the button stands
    button: str = "Undo"
    typed: str = ""
    problem: str = ""


def undo_view(change: Change, now: Rollout | None, last: Entry | None, at: datetime) -> UndoView:
    """What the button would do. `last`: the newest change of the rollout, `now`: what the flags say."""
    newest = change.entries[-1]
    led_to = None if change.plan is None else change.plan.led_to
    conflict = None
    if led_to is not None and now is not None and now.version != led_to:
        conflict = conflict_of(change, now, last, at)
    return UndoView(
        id=change.id,
        heading=f"Undo change {change.id}",
        rows=tuple(what_text(entry) for entry in change.entries),
        who=who_text(newest),
        why=newest.why,
        at=newest.at,
        when=when_text(newest.at, at),
        lines=tuple(back_text(change)),
        needs_reason=change.by_guard,
        conflict=conflict,
        seen=now.version if now is not None else "",
        button="Undo it from what there is now" if conflict else "Undo",
    )


def conflict_of(change: Change, now: Rollout, last: Entry | None, at: datetime) -> Conflicting:
    """Somebody came after: what it led to, what there is now, what is wanted."""
    by = "" if last is None else f"{what_text(last)}, {who_text(last)}, {when_text(last.at, at)}"
    return Conflicting(
        saw=", ".join(what_text(entry) for entry in change.entries),
        now=shares_text(now),
        by=f"{by}: {last.why}" if last is not None and last.why else by,
        want="; ".join(back_text(change)),
    )


def back_text(change: Change) -> list[str]:
    """What undoing it does, in the words of the history; in fields where that has no words."""
    if any(entry.what != "rollout" for entry in change.entries):
        return change.lines
    told = [rollout_text(entry.after, {**entry.after, **(entry.before or {})}) for entry in change.entries]
    return [line for line in told if not line.endswith(UNCHANGED)] or change.lines

"""The history as a page shows it: rows in words, with their reasons, and what can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.restore.model import Run
from gateway.rollout.history import Entry
from gateway.web.console.pages.history.wanted import PATH, WHATS, WantedRows
from gateway.web.console.pages.history.words import PUT_BACK, all_numbers, verdict_lines
from gateway.web.console.pages.now.happened import what_text
from gateway.web.console.unread import Unread
from gateway.web.console.wording import count_text, day_text, when_text

PAGE: Final = 40
ELSEWHERE: Final = ("unleash", "file")
WHAT_WORDS: Final = {
    "rollout": "dial, users by name, comparisons", "override": "override", "ramp": "ramp", "data": "users' data",
    "base": "base", "guard": "guard", "note": "notes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A reason that was typed later."""

    who: str
    why: str
    at: datetime
    when: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row, ready to print."""

    id: int
    at: datetime
    when: str
    what: str
    text: str
    who: str
    why: str
    notes: tuple[Note, ...]
    verdict: tuple[str, ...]
    numbers: tuple[tuple[str, str, str], ...]
    undo: str = ""  # the page that undoes it; empty where nothing can be put back
    one_click: bool = False  # nothing came after it, and nobody has to say why
    can_note: bool = True


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The page."""

    wanted: WantedRows
    whats: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...] | Unread
    waiting: str = ""  # `3 new`
    newest: str = ""  # where they are
    older: str = ""
    first: str = ""
    run: str = ""  # a data rollback that is under way, or the last one
    problem: str = ""  # of what was asked last
    noted: int | None = None  # the row whose note could not be kept
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made of."""

    entries: Sequence[Entry] | Unread
    waiting: int  # rows that are newer than the page
    version: str | None  # of the rollout now; None: it is not known
    overridden: bool
    run: Run | Unread | None = None


def history_view(wanted: WantedRows, found: Material, now: datetime) -> HistoryView:
    """The page from what was read."""
    entries = found.entries
    if isinstance(entries, Unread):
        return HistoryView(wanted, tuple(WHAT_WORDS.items()), entries)
    rows = tuple(row_of(entry, found, now) for entry in entries[:PAGE])
    return HistoryView(
        wanted=wanted,
        whats=tuple((name, WHAT_WORDS[name]) for name in WHATS),
        rows=rows,
        waiting=f"{count_text(found.waiting, PAGE)} new" if found.waiting else "",
        newest=wanted.address(before=None, upto=None),
        older=wanted.address(before=rows[-1].id) if len(entries) > PAGE else "",
        first=wanted.address(before=None) if wanted.before else "",
        run="" if isinstance(found.run, Unread) or found.run is None else run_text(found.run),
    )


def row_of(entry: Entry, found: Material, now: datetime) -> Row:
    """One row."""
    can_undo = entry.what in PUT_BACK and entry.before is not None and entry.after != entry.before
    return Row(
        id=entry.id,
        at=entry.at,
        when=when_text(entry.at, now),
        what=entry.what,
        text=what_text(entry),
        who=who_text(entry),
        why=entry.why,
        notes=tuple(note_of(note, now) for note in entry.notes),
        verdict=tuple(verdict_lines(entry)),
        numbers=tuple(all_numbers(entry)),
        undo=f"{PATH}/undo/{entry.id}" if can_undo else "",
        one_click=can_undo and entry.via != "guard" and still_stands(entry, found),
        can_note=entry.what != "note",
    )


def still_stands(entry: Entry, found: Material) -> bool:
    """Is the rollout as this change left it?"""
    if entry.what == "override":
        return found.overridden == bool(entry.after.get("override"))
    return found.version is not None and entry.after.get("version") == found.version


def who_text(entry: Entry) -> str:
    """`op-1, console`; of what was only seen, that it was made elsewhere."""
    if entry.via in ELSEWHERE:
        home = "Unleash" if entry.via == "unleash" else "the flag file"
        by = "by whom is not known there" if entry.actor == "unknown" else f"by {entry.actor}"
        return f"seen in {home}: one or more changes, {by}"
    way = {"http": "over HTTP", "cli": "command line"}.get(entry.via, entry.via)
    return entry.actor if entry.actor.partition(" ")[0] == entry.via else f"{entry.actor}, {way}"


def note_of(note: dict[str, Any], now: datetime) -> Note:
    at = note["at"] if isinstance(note["at"], datetime) else datetime.fromisoformat(str(note["at"]))
    return Note(str(note["actor"]), str(note["why"]), at, when_text(at, now))


def run_text(run: Run) -> str:
    """A data rollback."""
    of = f"users of {run.source}" if run.source else "users"
    state = {"running": "under way", "done": "done", "superseded": "ended by one the other way round"}[run.state]
    gone = f", {run.chunks_gone:,} of them keep the chunks of their latest import" if run.chunks_gone else ""
    by = f"{run.actor}, {day_text(run.started_at)}"
    return f"{run.restored:,} {of} have {run.target}'s result back{gone} ({state}; {by})"

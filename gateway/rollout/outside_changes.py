"""Changes that somebody made elsewhere (Unleash's pages, an editor): written down once, whoever of us sees them."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from flags.change.errors import ControlError
from flags.change.log import ChangeLog
from flags.control import FlagControl
from flags.model import FlagState, Pipeline, Rollout
from flags.source import FlagSource
from gateway.database.pool import Connection, Pool
from gateway.rollout.history import By, Known, append_entry, hold_known, record_known
from gateway.rollout.rows import Json, changed_versions, rollout_json

UNSIGNED = "unknown"
OUTSIDE = "changed outside the gateway"
GONE = "the flag does not exist any more: off for everybody"
BESIDE = "a segment, or a flag that this one depends on, was changed"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known of changes made elsewhere."""

    kept_in: str  # "unleash" or "file"
    log: ChangeLog | None  # None: no log is kept there, it cannot be read now, or only by an admin token
    revision: str | None = None  # of the flags now

    @property
    def via(self) -> Literal["unleash", "file"]:
        """Through what they were made."""
        return "unleash" if self.kept_in == "unleash" else "file"

    @property
    def author(self) -> str:
        """Who made the newest one, if it is known."""
        return UNSIGNED if self.log is None else self.log.author or UNSIGNED


async def write_down(
    pool: Pool, source: FlagSource, control: FlagControl | None, *, told: bool = False, patient: bool = False
) -> bool:
    """Bring the history up to what this process sees. False: try again, somebody holds it or the flags are away.

    Any number of processes may do so at once, late or early. Whoever holds the history's row looks at the flags afresh,
    so a change is written by the first, and a process that lags behind writes nothing that is over.
    `told`: somebody said that there are changes, also where the flags say what they said before.
    `patient`: rather try again than sign a change `unknown` whose author the flags' home will tell.
    """
    async with pool.connection() as connection, connection.transaction():
        known = await hold_known(connection, wait=False)
        if known is None:
            return False
        state = source.state()
        if not _is_news(known, state) and not (told and known.mark is not None):
            return await _note_revision(connection, known, state)
        if not state.usable:
            return False
        state = await source.refresh()
        if not state.usable or state.rollout is None:
            return False
        return await _write_what_is_new(connection, known, state, control, patient=patient)


async def _write_what_is_new(
    connection: Connection, known: Known, state: FlagState, control: FlagControl | None, *, patient: bool
) -> bool:
    rollout = state.rollout
    assert rollout is not None  # noqa: S101 - the caller saw it
    log = await read_log(control, known)
    if known.version is not None and (_is_news(known, state) or has_changes(log)):
        will_tell = state.source == "unleash" and control is not None and known.changed(rollout)
        if patient and will_tell and (log is None or (known.mark is not None and not _leads_to(log, rollout))):
            return False
        await write_seen(connection, known, rollout, Elsewhere(state.source, log, state.revision))
    await record_known(connection, rollout, state.revision, mark=None if log is None else log.mark)
    return True


async def write_seen(connection: Connection, known: Known, now: Rollout, seen: Elsewhere) -> None:
    """Write that somebody changed the flags: a row a version for each change in the log, and for what is not in it.

    The caller holds the history.
    """
    written: dict[Pipeline, Json] = {}

    async def write(author: str, why: str, after: Rollout, version: Pipeline, revision: str) -> None:
        row = rollout_json(after, version)
        before = written.get(version) or known.before(now, version)
        by = By(author, seen.via, why)
        await append_entry(connection, by, what="rollout", before=before, after=row, revision=revision)
        written[version] = row

    changes = seen.log.changes if seen.log else ()
    for change in changes:
        for version in changed_versions(change.before, change.after):
            await write(change.author or UNSIGNED, OUTSIDE, change.after, version, change.after.version)
    rest = changed_versions(changes[-1].after, now) if changes else known.changed(now)
    for version in rest:
        is_gone = not now.of(version).content and known.knew(version)
        await write(seen.author, GONE if is_gone else OUTSIDE, now, version, seen.revision or now.version)
    if not changes and not rest:
        await write(UNSIGNED, BESIDE, now, now.candidate, seen.revision or now.version)


async def read_log(control: FlagControl | None, known: Known | None, within: float | None = None) -> ChangeLog | None:
    """What the flags' home tells of the changes after those that are written down; None also after `within` seconds."""
    if control is None:
        return None
    try:
        async with asyncio.timeout(within):
            return await control.logged(None if known is None else known.mark)
    except (ControlError, TimeoutError):
        return None


async def mark_of(control: FlagControl, within: float) -> int | None:
    """Where the log of the flags' home stands."""
    log = await read_log(control, None, within)
    return None if log is None else log.mark


def has_changes(log: ChangeLog | None) -> bool:
    """Does the log tell of any?"""
    return log is not None and bool(log.changes)


def _leads_to(log: ChangeLog, now: Rollout) -> bool:
    return has_changes(log) and not changed_versions(log.changes[-1].after, now)


def _is_news(known: Known, state: FlagState) -> bool:
    """Do the flags say something else than what is written down?"""
    if state.rollout is None:
        return False
    if known.version is None or known.changed(state.rollout):
        return True
    if state.rollout.version != known.version:
        return False  # only flags differ that are not known to whoever wrote it down
    return known.revision is not None and known.revision != state.revision


async def _note_revision(connection: Connection, known: Known, state: FlagState) -> bool:
    """A change made by the gateway itself was written down without the revision, which only a source can tell."""
    if known.revision is None and state.usable and state.rollout is not None:
        await record_known(connection, state.rollout, state.revision, mark=known.mark)
    return True

"""Changes that somebody made elsewhere (Unleash's pages, an editor): written down once, whoever of us sees them."""

from flags.change.errors import ControlError
from flags.control import FlagControl
from flags.model import FlagState, Rollout
from flags.source import FlagSource
from gateway.database.pool import Connection, Pool
from gateway.rollout.history import By, Known, append_entry, hold_known, record_known
from gateway.rollout.rows import rollout_json

UNSIGNED = "unknown"
OUTSIDE = "changed outside the gateway"
BESIDE = "a segment, or a flag that this one depends on, was changed"


async def write_down(pool: Pool, source: FlagSource, control: FlagControl | None) -> bool:
    """Bring the history up to what this process sees. False: try again, somebody holds it or the flags are away.

    Any number of processes may do so at once, late or early. Whoever holds the history's row looks at the flags afresh,
    so a change is written by the first, and a process that lags behind writes nothing that is over.
    """
    async with pool.connection() as connection, connection.transaction():
        known = await hold_known(connection, wait=False)
        if known is None:
            return False
        state = source.state()
        if not _is_news(known, state):
            return await _note_revision(connection, known, state)
        if not state.usable:
            return False
        state = await source.refresh()
        if not state.usable or state.rollout is None:
            return False
        if known.version is not None and _is_news(known, state):
            await write_seen(
                connection, known, state.rollout, control=control, via=state.source, revision=state.revision
            )
        await record_known(connection, state.rollout, state.revision)
        return True


async def write_seen(  # noqa: PLR0913 (one keyword a fact)
    connection: Connection,
    known: Known,
    now: Rollout,
    *,
    control: FlagControl | None,
    via: str,
    revision: str | None = None,
) -> None:
    """Write that somebody changed the flags, a row a version, with the name if their home tells it.

    The caller holds the history.
    """
    changed = known.changed(now)
    by = By(await _author(control), "unleash" if via == "unleash" else "file", OUTSIDE if changed else BESIDE)
    for version in changed or (now.candidate,):
        before, after = known.before(now, version), rollout_json(now, version)
        await append_entry(connection, by, what="rollout", before=before, after=after, revision=revision or now.version)


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
        await record_known(connection, state.rollout, state.revision)
    return True


async def _author(control: FlagControl | None) -> str:
    if control is None:
        return UNSIGNED
    try:
        return await control.last_author() or UNSIGNED
    except ControlError:
        return UNSIGNED

"""Reads what "History" shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.restore.store import RestoreStore
from gateway.rollout.history import Entry, history
from gateway.services import Services
from gateway.web.console.pages.history.view import PAGE, HistoryView, Material, history_view
from gateway.web.console.pages.history.wanted import WantedRows
from gateway.web.console.pages.reading import read_now
from gateway.web.console.unread import Unread


async def read_history(services: Services, wanted: WantedRows, now: datetime) -> tuple[HistoryView, WantedRows]:
    """The page, and what its parts ask for from now on: its rows stay, whatever comes."""
    entries, newest = await asyncio.gather(
        read_now("The history", read_rows(services, wanted, now)),
        read_now("What is new", read_newest(services, wanted, now)),
    )
    state = services.flags.state()
    found = Material(
        entries=entries,
        waiting=count_new(newest, wanted.upto),
        version=state.rollout.version if state.rollout else None,
        overridden=state.override is not None,
        run=await read_now("The last restore", RestoreStore(services.database.pool).latest()),
    )
    view = history_view(wanted, found, now)
    kept = wanted.upto or (newest[0].id if not isinstance(newest, Unread) and newest else None)
    return view, replace(wanted, upto=kept)


async def read_rows(services: Services, wanted: WantedRows, now: datetime) -> Sequence[Entry]:
    """A page and one row more."""
    before = min(
        (one for one in (wanted.before, None if wanted.upto is None else wanted.upto + 1) if one), default=None
    )
    return await history(services.reads, wanted.entries(now), limit=PAGE + 1, before_id=before)


async def read_newest(services: Services, wanted: WantedRows, now: datetime) -> Sequence[Entry]:
    """As many of the newest as there may be new ones."""
    return await history(services.reads, wanted.entries(now), limit=PAGE if wanted.upto else 1)


def count_new(newest: Sequence[Entry] | Unread, upto: int | None) -> int:
    """Rows behind those of the page."""
    if isinstance(newest, Unread) or upto is None:
        return 0
    return sum(entry.id > upto for entry in newest)

"""`/admin/rollout/history`: what changed, who did it and why; reasons that are typed later, and undoing a change."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from gateway.errors import Conflict, NotFound
from gateway.rollout.history import By, Entry, NoSuchEntry, add_note, history
from gateway.rollout.rows import Via, WantedEntries, What
from gateway.rollout.undo.act import undo
from gateway.rollout.undo.plan import NotUndoable
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES, control_errors
from gateway.web.routes.admin.rollout_body import Reasoned
from gateway.web.routes.admin.since import Since, Until, end_moment, moment_of
from gateway.web.routes.admin.text import BIGGEST_ID, Storable
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/rollout/history")
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": ErrorAnswer, "description": "There is no such row"}}


class NoteShown(BaseModel):
    """A reason that was typed later."""

    id: int
    at: datetime
    actor: str
    why: str


class HistoryRow(BaseModel):
    """One change. `change` is one line; `before` is null when nothing was known."""

    id: int
    at: datetime
    what: What
    actor: str
    via: str
    why: str
    change: str
    before: dict[str, Any] | None
    after: dict[str, Any] = Field(description="of a note: the id of the row that it is `about`")
    revision: str
    notes: list[NoteShown] = Field(description="what was said of it later, oldest first")


class Noting(BaseModel):
    """What is said of a row, and by whom."""

    actor: Storable = Field("operator", min_length=1, max_length=200)
    why: Storable = Field(min_length=1, max_length=1000)


class Undoing(Reasoned):
    """Who undoes a change, and why; where somebody came after it, the `version` of the rollout that was seen."""

    expected_version: Storable | None = Field(None, max_length=200)
    anyway: bool = Field(default=False, description="also where a live process cannot run what more users get")


class Undone(BaseModel):
    """What was undone: the id of its newest row, and what is as before, a line a version."""

    change: int
    lines: list[str]


@router.get("", responses={503: FAILURES[503]})
async def show_history(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before_id: Annotated[int | None, Query(le=BIGGEST_ID)] = None,
    what: What | None = None,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    via: Via | None = None,
    since: Since = None,
    until: Until = None,
) -> list[HistoryRow]:
    """List the latest changes, newest first: made by the gateway or only seen by it."""
    services: Services = request.state.services
    began = None if since is None else moment_of(since)
    wanted = WantedEntries(what, actor, via, began, end_moment(until, since))
    with database_errors():
        entries = await history(services.reads, wanted, limit=limit, before_id=before_id)
    return [row_of(entry) for entry in entries]


@router.post("/{row_id}/notes", responses={503: FAILURES[503], **UNKNOWN})
async def note_reason(request: Request, row_id: Annotated[int, Path(le=BIGGEST_ID)], noting: Noting) -> HistoryRow:
    """Say why, later: a new row that names the one it is about, which stays as it is."""
    services: Services = request.state.services
    with database_errors():
        try:
            by = By(actor_of(request, noting.actor), "http", noting.why)
            return row_of(await add_note(services.database.pool, row_id, by))
        except NoSuchEntry as error:
            raise NotFound(str(error)) from None


@router.post("/{row_id}/undo", responses={**FAILURES, **UNKNOWN})
async def undo_row(request: Request, row_id: Annotated[int, Path(le=BIGGEST_ID)], asked: Undoing) -> Undone:
    """Put back what the change that the row belongs to changed, whole. A 409 where somebody came after it, where the
    guard did it and no reason is given, and where the row does not say what was before."""
    services: Services = request.state.services
    by, steering = By(actor_of(request, asked.actor), "http", asked.why), services.steering
    with control_errors(), database_errors():
        try:
            done = await undo(
                services.database.pool,
                steering.changes,
                row_id,
                by,
                expected=asked.expected_version,
                anyway=asked.anyway,
            )
        except NoSuchEntry as error:
            raise NotFound(str(error)) from None
        except NotUndoable as error:
            raise Conflict(str(error)) from None
        await steering.watch.look()
    await services.flags.refresh()
    return Undone(change=done.id, lines=done.lines)


def row_of(entry: Entry) -> HistoryRow:
    """A row as callers see it."""
    return HistoryRow.model_validate(entry.json)

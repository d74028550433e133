"""`/admin/rollout`: read the rollout and its history."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from gateway.rollout.audit import Entry, history
from gateway.routes.jobs import database_errors

router = APIRouter(prefix="/rollout")


class HistoryRow(BaseModel):
    """One change. `change` is one line; `before` is null when nothing was known."""

    id: int
    at: str
    what: str
    actor: str
    via: str
    why: str
    change: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    revision: str


@router.get("/history")
async def show_history(
    request: Request, limit: Annotated[int, Query(ge=1, le=500)] = 50, before_id: int | None = None
) -> list[HistoryRow]:
    """List the latest changes, newest first: made by the gateway or only seen by it."""
    with database_errors():
        entries = await history(request.state.services.database.pool, limit=limit, before_id=before_id)
    return [row_of(entry) for entry in entries]


def row_of(entry: Entry) -> HistoryRow:
    """A row as callers see it."""
    return HistoryRow(
        id=entry.id,
        at=entry.at.isoformat(),
        what=entry.what,
        actor=entry.actor,
        via=entry.via,
        why=entry.why,
        change=entry.change,
        before=entry.before,
        after=entry.after,
        revision=entry.revision,
    )

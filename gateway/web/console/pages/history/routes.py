"""`/console/history`: who changed what, reasons that are typed later, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from flags.change.errors import Conflict, ControlError, InvalidChange
from flags.model import Rollout
from gateway.errors import NotFound
from gateway.rollout.history import NoSuchEntry, add_note, read_last_change
from gateway.rollout.undo.act import ReasonNeeded, find_change, undo
from gateway.rollout.undo.plan import NotUndoable
from gateway.web.console.forms import FieldError
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.history.read import read_history
from gateway.web.console.pages.history.undoing import UndoView, undo_view
from gateway.web.console.pages.history.wanted import PATH, WantedRows, row_id
from gateway.web.console.pages.reading import read_now
from gateway.web.console.unread import Unread

router = APIRouter(prefix=PATH)


def moment(page: Page) -> datetime:
    return datetime.fromtimestamp(page.now, UTC)


@router.get("")
async def show_history(page: OpenPage) -> Response:
    """The rows; what arrives while somebody reads waits."""
    view, kept = await read_history(page.services, WantedRows.read(page.query, moment(page)), moment(page))
    about = row_id(page.query.get("about"))
    return await page.show(
        "history/history.html", replace(view, noted=about, typed=page.query.get("why", "")), path=kept.address()
    )


@router.post("/note")
async def note_reason(page: OpenPage) -> Response:
    """Say why, later."""
    form = await page.form()
    wanted = WantedRows.read(form.values, moment(page))
    about = row_id(form["about"])
    try:
        form.required("why", "is empty: what was the reason?")
        await add_note(page.services.database.pool, about or 0, page.by(form.why()))
    except (FieldError, NoSuchEntry) as error:
        view, kept = await read_history(page.services, wanted, moment(page))
        problem = error.problem if isinstance(error, FieldError) else str(error)
        shown = replace(view, noted=about, typed=form["why"], problem=problem)
        return await page.show("history/history.html", shown, 422, path=kept.address())
    return page.leads_to(f"{wanted.address(upto=None)}#row-{about}")


@router.get("/undo/{change}")
async def show_undo(page: OpenPage, change: int) -> Response:
    """What undoing would put back; changes nothing."""
    return await show_change(page, change, 200)


@router.post("/undo/{change}")
async def undo_change(page: OpenPage, change: int) -> Response:
    """Put it back, for the rollout that was seen."""
    form = await page.form()
    services, typed = page.services, form["why"]
    try:
        await undo(
            services.database.pool, services.steering.changes, change, page.by(form.why()),
            expected=form["seen"] or None, anyway=form["anyway"] == "yes",
        )  # fmt: skip
    except (ReasonNeeded, FieldError) as error:
        return await show_change(page, change, 422, typed, str(error))
    except Conflict:
        return await show_change(page, change, 409, typed)
    except (NotUndoable, InvalidChange) as error:
        return await show_change(page, change, 422, typed, str(error))
    except NoSuchEntry as error:
        raise NotFound(str(error)) from None
    except ControlError as error:
        return await show_change(page, change, 503, typed, f"Nothing was changed: {error}")
    await services.steering.watch.look()
    await services.flags.refresh()
    return page.leads_to(PATH)


async def show_change(page: Page, row: int, status: int, typed: str = "", problem: str = "") -> Response:
    """The page of one change. Raises NotFound."""
    if not 0 < row < 2**63:
        raise NotFound("there is no such row")
    try:
        change = await find_change(page.services.reads, row)
    except NoSuchEntry as error:
        raise NotFound(str(error)) from None
    except NotUndoable as error:
        view = UndoView(row, f"Change {row} cannot be undone", (), "", "", refused=str(error))
        return await page.show("history/undo.html", view, status)
    now = await read_now("The rollout", page.services.steering.changes.read())
    last = await read_now("The last change", read_last_change(page.services.database.pool))
    view = undo_view(change, known(page, now), None if isinstance(last, Unread) else last, moment(page))
    return await page.show("history/undo.html", replace(view, typed=typed, problem=problem, sent=status == 409), status)


def known(page: Page, now: Rollout | Unread) -> Rollout | None:
    """The flags as they are, or as this process knew them last."""
    return page.services.flags.state().rollout if isinstance(now, Unread) else now

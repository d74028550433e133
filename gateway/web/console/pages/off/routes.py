"""`/console/off`: everybody gets the base, with one click, in every state; then why, the way back, and the override."""

from collections.abc import Awaitable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from flags.change.errors import ControlError
from gateway.errors import NotFound
from gateway.rollout.all_off.switch import NotOff
from gateway.rollout.all_off.undo import undo_all_off
from gateway.rollout.history import NoSuchEntry, add_note
from gateway.rollout.override import lift_override
from gateway.rollout.undo.act import ReasonNeeded
from gateway.rollout.undo.plan import NotUndoable
from gateway.web.console.access.ways import START, own_page
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page

router = APIRouter(prefix="/console/off")


@dataclass(frozen=True, slots=True)
class NotDone:
    """What could not be done, ready to print."""

    headline: str
    problem: str
    row: str = ""
    asks_why: bool = False
    why: str = ""


@router.post("")
async def turn_all_off(page: OpenPage) -> Response:
    """Do it. Why is asked afterwards."""
    try:
        await page.console.turn_all_off(page.operator)
    except NotOff as error:
        return await page.show("off/failed.html", str(error), 503, path=START)
    return page.leads_to(page_before(page))


@router.post("/why")
async def say_why(page: OpenPage) -> Response:
    """A note about the row: a row itself is never changed."""
    form = await page.form()
    try:
        row, why = row_of(form), form.why()
        if why:
            await add_note(page.services.database.pool, row, page.by(why))
    except FieldError as error:
        return await refuse(page, NotDone("That is not written down yet.", error.problem, form["row"], why=form["why"]))
    except NoSuchEntry:
        raise NotFound("the history has no such row") from None
    page.console.cached.forget()
    return page.leads_to(page_before(page))


@router.post("/undo")
async def undo_off(page: OpenPage) -> Response:
    """Dial and named users as they were, whole, unless something came after."""
    form = await page.form()
    services = page.services
    done = undo_all_off(services.database.pool, services.steering.changes, row_of(form), page.by(form.why()))
    return await carry_out(page, done, form, "It is not undone.")


@router.post("/lift")
async def lift(page: OpenPage) -> Response:
    """Let the flags decide again."""
    done = lift_override(page.services.database.pool, page.by((await page.form()).why()))
    return await carry_out(page, done, Form(), "The override is not lifted.")


async def carry_out(page: Page, work: Awaitable[object], form: Form, headline: str) -> Response:
    """Do it, have it in force here, and show the page it was asked from; or say why not."""
    try:
        await work
    except ReasonNeeded as error:
        return await refuse(page, NotDone(headline, str(error), form["row"], asks_why=True))
    except (NotUndoable, NoSuchEntry, ControlError) as error:
        return await refuse(page, NotDone(headline, f"Nothing was changed: {error}."), 409)
    await page.console.follow()
    return page.leads_to(page_before(page))


async def refuse(page: Page, what: NotDone, status: int = 422) -> Response:
    """Nothing was changed; say so."""
    return await page.show("off/not_done.html", what, status, path=START)


def row_of(form: Form) -> int:
    """The row of the history that the form is about. Raises NotFound."""
    if not form["row"].isdecimal() or len(form["row"]) > 18:
        raise NotFound("the history has no such row")
    return int(form["row"])


def page_before(page: Page) -> str:
    """The page on which the button was pressed."""
    return own_page(page.request.headers.get("referer"))

"""`/console/now/force`: who is called by name and for how long; name one user, or let the dial decide again."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from flags.change.errors import Conflict, ControlError, InvalidChange
from gateway.database.retry import first_line
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.now.forced.view import ForcedView, Since, forced_users
from gateway.web.console.pages.now.quick.rows import SQL
from gateway.web.console.pages.now.read import NowReads, held
from gateway.web.console.pages.now.shown import reads_of, see

router = APIRouter(prefix="/console/now/force")
PATH = "/console/now/force"
DIAL = "dial"  # the percentages decide


@router.get("")
async def show_forced(page: OpenPage) -> Response:
    """The list, and the form; `user_id` of the address stands in it."""
    view = await view_of(page)
    typed = {name: value for name, value in page.query.items() if name in {"user_id", "pipeline", "why"}}
    return await page.show("now/forced/forced.html", replace(view, typed=typed))


@router.post("")
async def force(page: OpenPage) -> Response:
    """Name a user."""
    form = await page.form()
    try:
        user, wanted = form.required("user_id", "is empty"), form["pipeline"] or DIAL
        await page.services.steering.changes.make(
            page.by(form.why()),
            lambda control: control.force(user, None if wanted == DIAL else wanted, form["seen"] or None),
        )
    except FieldError as error:
        return await again(page, form, {error.field: error.problem}, "", 422)
    except InvalidChange as error:
        return await again(page, form, {error.field: error.problem}, "", 422)
    except Conflict as error:
        reads_of(page).forget()
        return await again(
            page, form, {}, f"Nothing was changed: {first_line(error)}. Send it again if it still holds.", 409
        )
    except ControlError as error:
        return await again(page, form, {}, f"Nothing was changed: {first_line(error)}.", 503)
    await page.services.flags.refresh()
    reads_of(page).forget()
    return page.leads_to(PATH)


async def again(page: Page, form: Form, problems: dict[str, str], problem: str, status: int) -> Response:
    """The page with what was typed."""
    view = replace(await view_of(page), problems=problems, problem=problem, typed=form.values)
    return await page.show("now/forced/forced.html", view, status, path=PATH)


async def view_of(page: Page) -> ForcedView:
    """Who is called by name, as far as is known."""
    reads, seen = reads_of(page), await see(page)
    rollout = seen.asked.rollout
    if rollout is None:
        return ForcedView((), (), "", fresh=False, problem=seen.asked.problem or "", typed={}, problems={})
    since = await held(reads.cached, ("forced", rollout.version), lambda: read_since(reads))
    return ForcedView(
        users=forced_users(rollout, since.value or {}, seen.now),
        versions=tuple(reversed(seen.versions)),
        seen=rollout.version,
        fresh=seen.asked.fresh,
        unread=since.problem or "",
        problem="" if seen.asked.fresh else f"Nothing can be changed now: {seen.asked.problem}.",
        typed={},
        problems={},
    )


async def read_since(reads: NowReads) -> Since:
    """By the history."""
    async with reads.services.reads.connection() as connection:
        rows = await (await connection.execute(SQL["forced"])).fetchall()
    return {(pipeline, name, user): at for pipeline, name, user, at in rows}

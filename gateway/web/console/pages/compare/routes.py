"""`/console/compare`: pairs of results, the worst first; one pair side by side; the share that is compared."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from flags.change.errors import Conflict, ControlError, InvalidChange
from flags.model import Rollout
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.compare.openings import Openings
from gateway.web.console.pages.compare.read import read_compare, read_opened, share_form
from gateway.web.console.pages.compare.view import ShareForm
from gateway.web.console.pages.compare.wanted import WantedPairs
from gateway.web.console.wording import percent_text

PATH = "/console/compare"
router = APIRouter(prefix=PATH)


def moment(page: Page) -> datetime:
    return datetime.fromtimestamp(page.now, UTC)


@router.get("")
async def show_compare(page: OpenPage) -> Response:
    """The list."""
    return await show_list(page, None, 200)


async def show_list(page: Page, form: ShareForm | None, status: int) -> Response:
    wanted = WantedPairs.read(page.query, moment(page))
    view = await read_compare(page.services, page.console.cached, wanted, moment(page), form)
    return await page.show("compare/compare.html", view, status, path=wanted.address(PATH))


@router.post("/share")
async def set_share(page: OpenPage) -> Response:
    """Set the share of imports that is compared."""
    form = await page.form()
    try:
        percent, why = form.number("percent"), form.why()
        await page.services.steering.changes.make(
            page.by(why), lambda control: control.set_shadow(percent, form["version"] or None)
        )
    except Conflict as error:
        return await show_list(page, conflicting(form, error.current), 409)
    except (FieldError, InvalidChange) as error:
        return await show_list(page, wrong(page, form, error.problem), 422)
    except ControlError as error:
        return await show_list(page, wrong(page, form, f"nothing was changed: {error}"), 503)
    await page.services.flags.refresh()
    page.console.cached.forget()
    return page.leads_to(PATH)


def wrong(page: Page, form: Form, problem: str) -> ShareForm:
    """What was typed stays."""
    now = share_form(page.services)
    return ShareForm(now.percent, form["version"] or now.version, form["percent"], form["why"], problem, (), now.known)


def conflicting(form: Form, current: Rollout) -> ShareForm:
    """What you saw, what it is now, what you want; sent again, it is set from there."""
    now = percent_text(current.shadow_percent)
    lines = (
        f"You saw {form['seen'] or 'another state'}.",
        f"Somebody changed the flags meanwhile: {now} is compared now.",
        f"You want {form['percent']} %. Nothing was changed.",
    )
    return ShareForm(now, current.version, form["percent"], form["why"], "", lines)


@router.get("/{job_id}")
async def show_pair(page: OpenPage, job_id: UUID) -> Response:
    """One pair with its user's words; that it was opened is written into the log."""
    wanted = WantedPairs.read(page.query, moment(page))
    view = await read_opened(page.services, page.console.cached, job_id, wanted, moment(page))
    if view is None:
        raise HTTPException(404)
    openings: Openings = page.console.kept.setdefault("compare", Openings())
    openings.note(page.operator, str(job_id), page.now, live=page.live)
    return await page.show("compare/pair.html", view)

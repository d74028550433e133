"""`/console/now/dial`: the form with its preview; what it sets; flags on again; the override."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from flags.change.errors import Conflict, ControlError, InvalidChange
from gateway.database.retry import first_line
from gateway.rollout.processes.live import NotEverywhere
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.now.dial.act import Turn, override, turn_dial, turn_on
from gateway.web.console.pages.now.dial.form import DialForm, set_share, typed_of, why_problem
from gateway.web.console.pages.now.dial.read import Sent, fill_in
from gateway.web.console.pages.now.shown import NOW, reads_of, see, show_page

router = APIRouter(prefix="/console/now")


@router.get("/dial")
async def show_dial(page: OpenPage) -> Response:
    """The form alone, with what was typed and what that would do; without scripting, the page with it."""
    form = Form(dict(page.query))
    if not page.live:
        return page.leads_to(f"{NOW}?{urlencode(dict(form.values))}")
    seen = await see(page)
    return region(page, await fill_in(reads_of(page), seen, form))


@router.post("/set")
async def set_dial(page: OpenPage) -> Response:
    """Set what was typed, if the rollout still is as it was seen."""
    form = await page.form()
    seen = await see(page)
    rollout = seen.asked.rollout
    if rollout is None:
        return await answer(page, form, Sent({}, problem="What is asked for is not known: nothing was changed."), 503)
    wanted, problems = typed_of(form, rollout)
    if (needed := why_problem(wanted, rollout)) and not problems:
        problems["why"] = needed
    if problems:
        return await answer(page, form, Sent(problems), 422)
    ladder = rollout.ladder
    turns_on = bool(form["on"]) and len(ladder) == 1 and not ladder[0].enabled
    if not turns_on and not wanted.changed(rollout) and wanted.shadow in {None, rollout.shadow_percent}:
        field = "shadow" if form["shadow"] else f"share-{ladder[0].pipeline}"
        return await answer(page, form, Sent({field: "is set to that already"}), 422)
    try:
        await turn_dial(page.services, page.by(form.why()), Turn(wanted, rollout, turns_on))
    except FieldError as error:
        return await answer(page, form, Sent({error.field: error.problem}), 422)
    except ControlError as error:
        return await refused(page, form, error)
    return done(page)


@router.post("/on")
async def set_on(page: OpenPage) -> Response:
    """Turn a version's flag on again."""
    form = await page.form()
    seen = await see(page)
    rollout, version = seen.asked.rollout, form["version"]
    if rollout is not None and set_share(rollout, version) > 50 and not form["why"]:
        return await answer(page, form, Sent({"why": "above 50 % a reason is needed: it goes into the history"}), 422)
    try:
        await turn_on(page.services, page.by(form.why()), version, form["seen"])
    except FieldError as error:
        return await answer(page, form, Sent({error.field: error.problem}), 422)
    except ControlError as error:
        return await refused(page, form, error)
    return done(page)


@router.post("/override")
async def set_override(page: OpenPage) -> Response:
    """Everybody to the base, without the flag server."""
    form = await page.form()
    await override(page.services, page.by(form["why"]), on=True)
    return done(page)


@router.post("/lift")
async def lift(page: OpenPage) -> Response:
    """Let the flags decide again."""
    form = await page.form()
    await override(page.services, page.by(form["why"]), on=False)
    return done(page)


async def refused(page: Page, form: Form, error: ControlError) -> Response:
    """Nothing was changed: somebody else came first, or it cannot be done; what was typed stays."""
    reads_of(page).forget()
    if isinstance(error, Conflict):
        return await answer(page, form, Sent({}, conflict=True), 409)
    if isinstance(error, InvalidChange):
        return await answer(page, form, Sent({}, problem=f"Nothing was changed: {error.problem}."), 422)
    status = 409 if isinstance(error, NotEverywhere) else 503
    return await answer(page, form, Sent({}, problem=f"Nothing was changed: {first_line(error)}."), status)


async def answer(page: Page, form: Form, sent: Sent, status: int) -> Response:
    """The form again, with what became of it."""
    if not page.live:
        return await show_page(page, form, sent, status)
    return region(page, await fill_in(reads_of(page), await see(page), form, sent), status)


def region(page: Page, dial: DialForm, status: int = 200) -> Response:
    """The form alone."""
    text = page.console.templates.print("now/dial.html", dial=dial, base=page.services.base)
    return HTMLResponse(text, status)


def done(page: Page) -> Response:
    """It is in force here: the page reads itself anew."""
    reads_of(page).forget()
    return HTMLResponse("", headers={"HX-Redirect": NOW}) if page.live else page.leads_to(NOW)

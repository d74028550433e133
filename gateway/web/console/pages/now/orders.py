"""`/console/now/ramp`: start a ramp, with the price of each step; pause, resume, abort the one that is seen."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from flags.change.errors import ControlError
from flags.model import Pipeline
from gateway.database.retry import first_line
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.history import By
from gateway.rollout.ramp.describe import parse_span, parse_steps
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp, RampError
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.now.read import DEAR, held
from gateway.web.console.pages.now.shown import NOW, reads_of, see

router = APIRouter(prefix="/console/now/ramp")
PATH = "/console/now/ramp"
PLAN = {"steps": "1, 5, 25, 50, 100", "hold": "1h", "users": "200", "margin": "5"}


@dataclass(frozen=True, slots=True)
class RampPage:
    """The form that starts a ramp."""

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    problem: str
    prices: tuple[StepPrice, ...]
    versions: tuple[Pipeline, ...]
    expects: str  # the version of the ramp that is there now


@router.get("")
async def show_form(page: OpenPage) -> Response:
    """The form, with the price of knowing at each of the steps that were typed."""
    return await show(page, Form({**PLAN, "auto": "on", **page.query}), {}, "", 200)


@router.post("/start")
async def start(page: OpenPage) -> Response:
    """Store the plan; a worker takes the first step."""
    form = await page.form()
    try:
        plan = plan_of(form)
        await orders_of(page).start(plan, page.by(form.why()), expected=form["expects"] or None)
    except FieldError as error:
        return await show(page, form, {error.field: error.problem}, "", 422)
    except (RampError, ControlError) as error:
        reads_of(page).forget()
        return await show(page, form, {}, f"Nothing was started: {first_line(error)}.", 409)
    reads_of(page).forget()
    return page.leads_to(NOW)


@router.post("/pause")
async def pause(page: OpenPage) -> Response:
    """Leave the dial where it is."""
    return await give(page, lambda orders, by, expected: orders.pause(by, expected=expected))


@router.post("/resume")
async def resume(page: OpenPage) -> Response:
    """Go on with the first step that is not below the dial."""
    return await give(page, lambda orders, by, expected: orders.resume(by, expected=expected))


@router.post("/abort")
async def abort(page: OpenPage) -> Response:
    """End the ramp; the dial stays where it is."""
    return await give(page, lambda orders, by, expected: orders.abort(by, expected=expected))


async def give(page: Page, order: Callable[[RampOrders, By, str | None], Awaitable[Ramp]]) -> Response:
    """One order, for the ramp that was seen."""
    form = await page.form()
    try:
        await order(orders_of(page), page.by(form["why"]), form["expects"] or None)
    except (RampError, ControlError) as error:
        reads_of(page).forget()
        return await page.show("now/ramp/refused.html", f"Nothing was done: {first_line(error)}.", 409, path=NOW)
    reads_of(page).forget()
    return page.leads_to(NOW)


async def show(page: Page, form: Form, problems: Mapping[str, str], problem: str, status: int) -> Response:
    """The form, with what was typed."""
    reads, seen = reads_of(page), await see(page)
    ramp = seen.ramp.value[0] if seen.ramp.value else None
    versions = tuple(reversed(seen.versions[1:]))
    found: tuple[StepPrice, ...] = ()
    try:
        plan = plan_of(form)
    except FieldError as error:
        problems = problems or {error.field: error.problem}
    else:
        version = plan.pipeline or seen.version
        key = ("steps", version, plan.steps)
        held_prices = await held(reads.cached, key, lambda: price_steps(page.services.reads, version, plan.steps), DEAR)
        found = tuple(held_prices.value or ())
    view = RampPage(form.values, problems, problem, found, versions, "none" if ramp is None else ramp.version)
    return await page.show("now/ramp/start.html", view, status, path=PATH if status != 200 else None)


def plan_of(form: Form) -> Plan:
    """What was typed as a plan. Raises FieldError."""
    try:
        steps = parse_steps(form["steps"].replace(" ", ""))
    except RampError as error:
        raise FieldError("steps", str(error)) from None
    try:
        hold = parse_span(form["hold"])
    except RampError as error:
        raise FieldError("hold", str(error)) from None
    users, margin = form.number("users"), form.number("margin") / 100
    if users != int(users):
        raise FieldError("users", "is not a whole number")
    plan = Plan(steps, hold, int(users), bool(form["auto"]), form["pipeline"] or None, margin)
    try:
        plan.check()
    except RampError as error:
        raise FieldError("steps", str(error)) from None
    return plan


def orders_of(page: Page) -> RampOrders:
    return RampOrders(page.services.database.pool, page.services.steering.changes)

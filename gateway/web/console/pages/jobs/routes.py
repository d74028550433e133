"""`/console/jobs`: what waits, runs, failed; one job; cancelled and run again, one or all that match."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from gateway.errors import NotFound
from gateway.jobs.orders.model import Kind, OrderRefused
from gateway.jobs.orders.store import begin_order, stop_order
from gateway.jobs.store import JobStore
from gateway.web.console.access.ways import own_page
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.history.wanted import row_id
from gateway.web.console.pages.jobs.one import read_one
from gateway.web.console.pages.jobs.read import read_list, read_preview
from gateway.web.console.pages.jobs.view import Material
from gateway.web.console.pages.jobs.wanted import PATH, WantedPage, id_of
from gateway.web.console.unread import Unread

router = APIRouter(prefix=PATH)
KINDS: tuple[Kind, ...] = ("retry", "cancel")


def moment(page: Page) -> datetime:
    return datetime.fromtimestamp(page.now, UTC)


@router.get("")
async def show_jobs(page: OpenPage) -> Response:
    """The list; with `all=retry` or `all=cancel`, what that order would do."""
    wanted = WantedPage.read(page.query, moment(page))
    kind = next((one for one in KINDS if one == page.query.get("all")), None)
    if kind is None:
        return await show_list(page, wanted, None, 200)
    return await show_order(page, kind, wanted, 200, dict(page.query))


@router.get("/{job_id}")
async def show_job(page: OpenPage, job_id: UUID) -> Response:
    """One job: its steps on one axis, tries, worker, why that pipeline."""
    view = await read_one(page.services, job_id, moment(page))
    if view is None:
        raise NotFound(f"no job {job_id}")
    return await page.show("jobs/job.html", view, 503 if isinstance(view.job, Unread) else 200)


@router.post("/cancel")
async def cancel_job(page: OpenPage) -> Response:
    """One job, at once when it waits, within two seconds when it runs."""
    form = await page.form()
    job_id = id_of(form["job"])
    state = None if job_id is None else await JobStore(page.services.database.pool).request_cancel(str(job_id))
    if state in {"cancelled", "cancelling"}:
        return page.leads_to(way_back(form))
    said = "is publishing its result: it is over before it could be cancelled" if state else "is over already"
    return await show_again(page, form, f"Job {form['job']} was not cancelled: it {said}.")


@router.post("/retry")
async def retry_job(page: OpenPage) -> Response:
    """One job, with fresh attempts; finished steps are kept."""
    form = await page.form()
    services, job_id = page.services, id_of(form["job"])
    store = JobStore(services.database.pool, lambda: services.base)
    if job_id is not None and await store.retry(str(job_id)):
        return page.leads_to(way_back(form))
    problem = f"Job {form['job']} was not run again: it has not failed, or the same request runs again already."
    return await show_again(page, form, problem)


@router.post("/order")
async def order_jobs(page: OpenPage) -> Response:
    """All that match: a worker does it, batch by batch, whoever looks."""
    form = await page.form()
    now = moment(page)
    wanted, kind = WantedPage.read(form.values, now), next((one for one in KINDS if one == form["kind"]), None)
    if kind is None or wanted.problem:
        return await show_list(page, wanted, Material((), (), (), (), problem=wanted.problem), 422)
    try:
        why, found = form.why(), await read_preview(page.services, kind, wanted, now)
        if isinstance(found, OrderRefused):
            raise found
        if isinstance(found, Unread):
            return await show_order(page, kind, wanted, 503, dict(form.values))
        pool = page.services.database.pool
        order = await begin_order(pool, kind, wanted.jobs(now), page.by(why), expected=found.jobs)
    except (FieldError, OrderRefused) as error:
        return await show_list(page, wanted, Material((), (), (), (), problem=f"Nothing was ordered: {error}"), 422)
    if order is None:
        problem = "Nothing was ordered: the same order is under way already."
        return await show_list(page, wanted, Material((), (), (), (), problem=problem), 409)
    return page.leads_to(wanted.address())


@router.post("/stop")
async def stop_jobs_order(page: OpenPage) -> Response:
    """The rest of an order stays as it is."""
    form = await page.form()
    if (order := row_id(form["order"])) is not None:
        await stop_order(page.services.database.pool, order)
    return page.leads_to(way_back(form))


async def show_list(page: Page, wanted: WantedPage, asked: Material | None, status: int) -> Response:
    view, kept = await read_list(page.services, wanted, moment(page), asked)
    return await page.show("jobs/jobs.html", view, status, path=kept.address())


async def show_order(page: Page, kind: Kind, wanted: WantedPage, status: int, typed: dict[str, str]) -> Response:
    """The list with an order above it that is not given yet."""
    found = await read_preview(page.services, kind, wanted, moment(page))
    problem = str(found) if isinstance(found, OrderRefused) else found.says if isinstance(found, Unread) else ""
    asked = Material((), (), (), (), typed=typed, problem=problem)
    if not problem and not isinstance(found, OrderRefused):
        asked = replace(asked, preview=found)
    view, kept = await read_list(page.services, wanted, moment(page), asked)
    path = kept.address()
    return await page.show("jobs/jobs.html", view, status, path=f"{path}{'&' if '?' in path else '?'}all={kind}")


async def show_again(page: Page, form: Form, problem: str) -> Response:
    """The page on which the button stood, and why nothing was done."""
    wanted = WantedPage.read(dict(parse_qsl(way_back(form).partition("?")[2])), moment(page))
    return await show_list(page, wanted, Material((), (), (), (), problem=problem), 409)


def way_back(form: Form) -> str:
    """The list, or the job, on which the button stood."""
    found = own_page(form["back"])
    return found if found.partition("?")[0].startswith(PATH) else PATH

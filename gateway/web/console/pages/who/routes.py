"""`/console/who`: which version a user gets and why; who got one; naming a user; putting users' data back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import Response

from flags.change.errors import Conflict, ControlError, InvalidChange
from gateway.database.as_csv import as_csv
from gateway.database.reads import ReadTooLong
from gateway.errors import Unavailable
from gateway.jobs.users import VersionUser, list_users
from gateway.restore.listing import Meant, RestoreUser, list_restore
from gateway.restore.order import NotMeant, Order, order_restore
from gateway.restore.store import RestoreStore
from gateway.web.console.forms import FieldError, Form
from gateway.web.console.page import OpenPage, Page
from gateway.web.console.pages.who.read import count_found, read_restore, read_who
from gateway.web.console.pages.who.restoring import check_count
from gateway.web.console.pages.who.subject import DIAL
from gateway.web.console.pages.who.wanted import PATH, WantedRestore, WantedUsers

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

router = APIRouter(prefix=PATH)
MOST_ROWS = 10_000  # of a file; what is longer is asked for at the terminal


def moment(page: Page) -> datetime:
    return datetime.fromtimestamp(page.now, UTC)


@router.get("")
async def show_who(page: OpenPage) -> Response:
    """A user or a job, looked up exactly; users by version since a time."""
    wanted = WantedUsers.read(page.query, moment(page))
    typed = {name: value for name, value in page.query.items() if name in {"pipeline", "why"}}
    view = await read_who(page.services, page.console.cached, wanted, moment(page), typed=typed)
    return await page.show("who/who.html", view)


@router.post("/force")
async def force_user(page: OpenPage) -> Response:
    """Name the user for a version, or let the dial decide, for the rollout that was seen."""
    form = await page.form()
    services, wanted = page.services, form["pipeline"] or DIAL
    try:
        user = form.required("user_id", "is empty")
        await services.steering.changes.make(
            page.by(form.why()),
            lambda control: control.force(user, None if wanted == DIAL else wanted, form["seen"] or None),
        )
    except (FieldError, InvalidChange) as error:
        return await force_again(page, form, 422, problem=error.problem)
    except Conflict as error:
        return await force_again(page, form, 409, conflict=error.current)
    except ControlError as error:
        return await force_again(page, form, 503, problem=f"Nothing was changed: {error}")
    await services.flags.refresh()
    return page.leads_to(WantedUsers(subject=user).address())


async def force_again(page: Page, form: Form, status: int, **what: Any) -> Response:
    """The page with what was typed."""
    wanted = WantedUsers(subject=form["user_id"])
    view = await read_who(page.services, page.console.cached, wanted, moment(page), typed=dict(form.values), **what)
    return await page.show("who/who.html", view, status, path=wanted.address())


@router.get("/users.csv")
async def list_as_csv(page: OpenPage) -> Response:
    """The users of one version, as a file."""
    wanted = WantedUsers.read(page.query, moment(page))
    now = moment(page)
    read = list_users(page.services.reads, wanted.version, wanted.moment(now), until=wanted.end(now), limit=MOST_ROWS)
    return await as_file(f"users-of-{wanted.version or 'none'}", VersionUser, read)


@router.get("/restore")
async def show_restore(page: OpenPage) -> Response:
    """Whom it would find; nothing is changed."""
    view = await read_restore(page.services, WantedRestore.read(page.query))
    return await page.show("who/restore.html", replace(view, why=page.query.get("why", "")))


@router.get("/restore.csv")
async def restore_as_csv(page: OpenPage) -> Response:
    """The list as a file."""
    wanted = WantedRestore.read(page.query)
    meant = Meant(wanted.to, wanted.source, page.services.base)
    return await as_file("restore", RestoreUser, list_restore(page.services.reads, meant, limit=MOST_ROWS))


@router.post("/restore")
async def restore(page: OpenPage) -> Response:
    """Put the data back, if the count that was typed is the one there is."""
    form = await page.form()
    services, wanted = page.services, WantedRestore.read(form.values)
    registry, store = services.registry, RestoreStore(services.database.pool, wanted.source)
    try:
        why = form.why()
        if problem := check_count(form["count"], (await count_found(services, wanted)).restorable):
            return await restore_again(page, wanted, form, problem=problem)
        order = Order(wanted.to, wanted.source, [*registry.usable, *registry.broken])
        await order_restore(store, order, services.base, page.by(why))
    except NotMeant as error:
        return await restore_again(page, wanted, form, refused=str(error))
    except FieldError as error:
        return await restore_again(page, wanted, form, refused=str(error))
    return page.leads_to(wanted.address())


async def restore_again(
    page: Page, wanted: WantedRestore, form: Form, *, problem: str = "", refused: str = ""
) -> Response:
    """The page with what was typed; nothing was done."""
    found = await read_restore(page.services, wanted)
    view = replace(found, typed=form["count"], why=form["why"], problem=problem, refused=refused)
    return await page.show("who/restore.html", view, 422, path=wanted.address())


async def as_file(name: str, of: "type[DataclassInstance]", read: Any) -> Response:
    """Rows as CSV. Raises Unavailable where reading takes too long."""
    try:
        rows: Sequence[Any] = await read
    except ReadTooLong as error:
        raise Unavailable(str(error)) from None
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(as_csv(of, rows), media_type="text/csv", headers=headers)

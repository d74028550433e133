"""`/admin/rollout`: read the rollout, change it, roll back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request

from flags.change.errors import Conflict as ChangedMeanwhile
from flags.change.errors import ControlUnavailable, InvalidChange
from flags.control import check_percent
from flags.model import Rollout
from gateway.errors import BadRequest, Conflict, Unavailable
from gateway.jobs.load import read_load
from gateway.rollout.all_off.switch import NotOff
from gateway.rollout.changes import Work
from gateway.rollout.explain import preview_users
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.history import By
from gateway.rollout.override import lift_override, throw_override
from gateway.rollout.processes.live import LiveProcess, NotEverywhere, list_processes
from gateway.rollout.processes.reach import Reaches, nobody_more, raised_to, shared_out, switched_on
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout_body import (
    Forcing,
    Moves,
    Reasoned,
    RolloutShown,
    Setting,
    Switch,
    moves_of,
    shown,
)
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors

FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "The change itself is wrong"},
    409: {
        "model": ErrorAnswer,
        "description": "Somebody else changed it, or a process cannot follow: see `detail`",
    },
    503: {"model": ErrorAnswer, "description": "Nothing was changed: the flag server or the database does not answer"},
}
router = APIRouter(route_class=DatabaseRoute, prefix="/rollout")


@router.get("", responses={503: FAILURES[503]})
async def show_rollout(request: Request) -> RolloutShown:
    """Show the rollout; from memory, and said to be so, when the flag server does not answer."""
    services: Services = request.state.services
    state = services.flags.state()
    try:
        return shown(await services.steering.changes.read(), state, fresh=True)
    except ControlUnavailable as error:
        if state.rollout is None:
            raise Unavailable(str(error)) from None
        return shown(state.rollout, state, fresh=False)


@router.put("", responses=FAILURES)
async def set_rollout(request: Request, setting: Setting) -> RolloutShown:
    """Set for which share of users a version's flag is on, the share of imports compared, or both."""
    if setting.percent is None and setting.shadow_percent is None and setting.shares is None:
        raise BadRequest("nothing to set: give percent, shadow_percent or both")

    async def work(control: Any) -> Rollout:
        version = setting.expected_version
        after: Rollout | None = None
        if setting.shares is not None:
            after = await control.set_shares(setting.shares, version)
            version = after.version
        if setting.percent is not None:
            after = await control.set_percent(setting.percent, version, pipeline=setting.pipeline)
        if setting.shadow_percent is not None:
            after = await control.set_shadow(setting.shadow_percent, version if after is None else after.version)
        assert after is not None  # noqa: S101 - one of them was given
        return after

    if setting.shadow_percent is not None:
        with control_errors():
            check_percent(setting.shadow_percent)  # before the other half is done
    return await change(request, setting, work, about=setting.pipeline, reaches=reached_by(setting))


@router.post("/off", responses=FAILURES)
async def turn_off(request: Request, switch: Switch) -> RolloutShown:
    """Roll back: its users get what they had before; with `all`, everybody gets the base. The percentages are kept.

    By the flags; where those have not answered after 1.5 seconds, by the override, too, which sends everybody to the
    base. `ways` says which of them had landed. `local`: by the override alone.
    """
    if switch.local:
        return await override(request, switch, on=True)
    services: Services = request.state.services
    by = By(actor_of(request, switch.actor), "http", switch.why)
    version = None if switch.all else switch.pipeline or services.flags.versions.candidate
    with control_errors():
        try:
            off = await services.steering.off.turn_off(by, version)
        except NotOff as error:
            raise Unavailable(f"nothing was changed: {error}") from None
    state = services.flags.state()
    rollout = off.after or known_in(services)
    return shown(rollout, state, fresh=off.after is not None, written=off.written, ways=off.ways)


@router.post("/on", responses=FAILURES)
async def turn_on(request: Request, switch: Switch) -> RolloutShown:
    """Go back to the percentage that was set; `local`: lift the override."""
    if switch.local:
        return await override(request, switch, on=False)
    return await change(
        request,
        switch,
        lambda control: control.turn_on(pipeline=switch.pipeline),
        about=switch.pipeline,
        reaches=nobody_more if switch.anyway else switched_on(switch.pipeline),
    )


@router.put("/force/{user_id}", responses=FAILURES)
async def force_user(request: Request, user_id: str, forcing: Forcing) -> RolloutShown:
    """Name one user for a version or the base, whatever the percentages."""
    return await change(
        request, forcing, lambda control: control.force(user_id, forcing.pipeline, forcing.expected_version)
    )


@router.get("/preview", responses=FAILURES)
async def preview_rollout(request: Request, percent: float, pipeline: str | None = None) -> Moves:
    """Say who would move at another percentage, what load that is, and what it takes to know; changes nothing."""
    services: Services = request.state.services
    with control_errors(), database_errors():
        check_percent(percent)
        before = await services.steering.changes.read()
        version = pipeline or before.candidate
        moves = await preview_users(services.reads, before, before.at(version, percent), version)
        (price,) = await price_steps(services.reads, version, [percent])
        load = await read_load(services.reads, version, moves.share_after)
    return moves_of(moves, price, load, services.flags.state().override)


@router.get("/processes", responses={503: FAILURES[503]})
async def show_processes(request: Request) -> list[LiveProcess]:
    """List the processes: what each can run, what of the rollout is in force there, and whether it is still heard of.

    Those that fell silent stay in the list for ten minutes, with `live` false.
    """
    services: Services = request.state.services
    with database_errors():
        return await list_processes(services.reads)


def reached_by(setting: Setting) -> Reaches:
    """The versions that more users would get."""
    if setting.anyway:
        return nobody_more
    if setting.shares is not None:
        return shared_out(setting.shares)
    return nobody_more if setting.percent is None else raised_to(setting.percent, setting.pipeline)


async def change(
    request: Request,
    asked: Reasoned,
    work: Work,
    *,
    about: str | None = None,
    reaches: Reaches = nobody_more,
) -> RolloutShown:
    """Make a change in the one way there is, and have it in force here before the answer."""
    services: Services = request.state.services
    with control_errors(), database_errors():
        made = await services.steering.changes.make(
            By(actor_of(request, asked.actor), "http", asked.why), work, about=about, reaches=reaches
        )
    state = await services.flags.refresh()
    return shown(made.after, state, fresh=True, written=made.written)


async def override(request: Request, switch: Switch, *, on: bool) -> RolloutShown:
    """Throw or lift the local override; every process follows at once."""
    services: Services = request.state.services
    by = By(actor_of(request, switch.actor), "http", switch.why)
    with database_errors():
        await (throw_override if on else lift_override)(services.database.pool, by)
        await services.steering.watch.look()
    return shown(known_in(services), services.flags.state(), fresh=False, ways=("override",) if on else ())


def known_in(services: Services) -> Rollout:
    """What this process knows last of the flags; none of them, where they were never known."""
    state = services.flags.state()
    versions = state.versions
    return state.rollout or Rollout((), 0.0, "unknown", candidate=versions.candidate, base=versions.base)


@contextmanager
def control_errors() -> Iterator[None]:
    """Failures of a change as answers."""
    try:
        yield
    except InvalidChange as error:
        raise BadRequest(str(error)) from None
    except (ChangedMeanwhile, NotEverywhere) as error:
        raise Conflict(str(error)) from None
    except ControlUnavailable as error:
        raise Unavailable(f"nothing was changed: {error}") from None

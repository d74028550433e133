"""`gateway ramp`: raise the dial step by step, each step held for time and for evidence."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated

import typer

from flags.control import FlagControl
from gateway.cli.database import existing_database, with_database
from gateway.cli.errors import MISSING, CommandError
from gateway.cli.options import AsJson, Version, Why
from gateway.cli.output import print_fields, print_json, print_table, say
from gateway.cli.rollout_client import current_actor, preview_ramp, run_on_control
from gateway.cli.settings import read_settings
from gateway.rollout.changes import build_changes
from gateway.rollout.history import By
from gateway.rollout.ramp.describe import describe, parse_span, parse_steps
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp, RampError
from gateway.rollout.ramp.store import latest

Expect = Annotated[
    str | None, typer.Option(help="Refuse if the ramp is not this version any more (see status; none: no ramp yet).")
]

commands = typer.Typer(no_args_is_help=True, help="Raise the dial step by step, while all is well.")


@commands.command("start")
def start(
    *,
    steps: Annotated[str, typer.Option(help="Percentages, rising.")] = "1,5,25,50,100",
    hold: Annotated[str, typer.Option(help="How long each step is held: 30s, 15m, 1h, 2d.")] = "1h",
    min_jobs: Annotated[int, typer.Option(min=1, help="Of how many users a job has to end at each step.")] = 200,
    pipeline: Version = None,
    auto_rollback: Annotated[
        bool,
        typer.Option(
            "--auto-rollback/--no-auto-rollback",
            help="Let the guard turn the flag off; without, it only says that it would.",
        ),
    ] = True,
    margin: Annotated[
        float, typer.Option(min=0.1, max=100, help="Points by which the share of failed users may be higher at most.")
    ] = 5.0,
    preview_only: Annotated[
        bool, typer.Option("--preview", help="Only say at each step when a version that fails would be seen.")
    ] = False,
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Store the plan; the workers carry it out.

    A step is left when its time is over, jobs of enough users have ended, the guard finds nothing, the interval of the
    difference leaves no room for more harm than the margin, no job has been in processing for over 2 h, and a job takes
    at most 20 % longer than with the version before.
    """

    if preview_only:
        tell_prices(steps, pipeline, as_json=as_json)
        return

    async def work(orders: RampOrders) -> Ramp:
        plan = Plan(parse_steps(steps), parse_span(hold), min_jobs, auto_rollback, pipeline, margin / 100)
        return await orders.start(plan, By(current_actor(), "cli", why), expected=expect)

    tell(order(work), as_json=as_json)


def tell_prices(steps: str, pipeline: str | None, *, as_json: bool) -> None:
    """What it takes to know, at each step."""
    try:
        prices = preview_ramp(parse_steps(steps), pipeline)
    except RampError as error:
        raise CommandError(str(error)) from None
    if as_json:
        print_json([asdict(price) for price in prices])
        return
    for price in prices:
        say(price.message)


@commands.command("pause")
def pause(expect: Expect = None, why: Why = "", as_json: AsJson = False) -> None:
    """Leave the dial where it is until `resume`. The guard goes on guarding."""
    tell(order(lambda orders: orders.pause(By(current_actor(), "cli", why), expected=expect)), as_json=as_json)


@commands.command("resume")
def resume(expect: Expect = None, why: Why = "", as_json: AsJson = False) -> None:
    """Go on with the first step that is not below the dial; its time and its evidence begin anew."""
    tell(order(lambda orders: orders.resume(By(current_actor(), "cli", why), expected=expect)), as_json=as_json)


@commands.command("abort")
def abort(
    off: Annotated[
        bool, typer.Option("--off", help="Also turn the flag off: its users get what they had before.")
    ] = False,
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """End the ramp. The dial stays where it is, unless --off."""
    tell(order(lambda orders: orders.abort(By(current_actor(), "cli", why), off=off, expected=expect)), as_json=as_json)


@commands.command("status")
def status(as_json: AsJson = False) -> None:
    """Show the latest ramp: where it is, what it waits for, and what the guard found."""
    ramp = with_database(read_settings(), lambda database: latest(database.pool))
    if ramp is None:
        raise CommandError("there has been no ramp yet", MISSING)
    tell(ramp, as_json=as_json)


def order(work: Callable[[RampOrders], Awaitable[Ramp]]) -> Ramp:
    """Give one order; its failures become one line."""
    settings = read_settings()

    async def run(control: FlagControl) -> Ramp:
        async with existing_database(settings) as database:
            return await work(RampOrders(database.pool, build_changes(settings, database, control)))

    try:
        return run_on_control(settings, run)
    except RampError as error:
        raise CommandError(str(error)) from None


def tell(ramp: Ramp, *, as_json: bool) -> None:
    shown = describe(ramp)
    if as_json:
        print_json(shown)
        return
    steps = " → ".join(f"[{step:g} %]" if n == ramp.step else f"{step:g} %" for n, step in enumerate(ramp.plan.steps))
    print_fields(
        {
            "ramp": f"{ramp.id}, {ramp.state}" + (f", of {ramp.plan.pipeline}" if ramp.plan.pipeline else ""),
            "version": ramp.version,
            "steps": steps,
            "step since": ramp.moved_at or ("being taken" if ramp.active else None),
            "hold": f"{ramp.plan.hold_seconds:g} s and jobs of {ramp.plan.min_jobs} users",
            "auto-rollback": "on" if ramp.plan.auto_rollback else "off",
            "margin": f"{ramp.plan.margin * 100:g} points",
            "note": ramp.note,
            "started": f"by {ramp.actor}" + (f": {ramp.why}" if ramp.why else ""),
            "looked at": ramp.looked_at,
        }
    )
    if ramp.verdict:
        print_table(
            ("check", "verdict", "numbers"), [(one["check"], one["phase"], one["message"]) for one in ramp.verdict]
        )
    if ramp.active and ramp.looked_at is None:
        say("no worker has looked at it yet; `gateway serve` or `gateway worker` must run")

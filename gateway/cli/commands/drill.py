"""`gateway drill`: rehearse a rollback on a scratch copy, to trust it before it is needed."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from gateway.cli.errors import CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import console, print_fields, print_json
from gateway.cli.rehearsal.drill.fault import Fault
from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.drill.rehearse import rehearse
from gateway.cli.rehearsal.roles import NoCandidate, Roles, find_roles
from gateway.cli.rehearsal.stage.screen import Screen
from gateway.cli.rehearsal.stage.server import DemoError, leave_in_order

commands = typer.Typer(no_args_is_help=True, help="Rehearse what has to work when it is needed.")


@commands.callback()
def drill() -> None:
    """Rehearse what has to work when it is needed."""


@commands.command("rollback")
def rollback(
    fault: Annotated[Fault, typer.Option(help="How it breaks: raise and memory fail jobs, the others hang.")] = "raise",
    as_json: AsJson = False,
) -> None:
    """Break the newest version on purpose in a scratch folder, and see that it is noticed, rolled back and put right.

    Two real processes, a ramp, the guard, and a data rollback; under a minute. Jobs that hang fail nobody, so the flag
    is turned off by hand, once the others are served beside them. Nothing of yours is touched. Exits 1 if anything
    did not hold.
    """
    leave_in_order()
    screen = Screen(Console(stderr=True) if as_json else console())
    try:
        roles = find_roles()
        measured, wrong = rehearse(screen, fault=fault)
    except (DemoError, NoCandidate) as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("stopped") from None
    if as_json:
        print_json({**named(measured, roles), "did_not_hold": wrong})
    else:
        print_fields(describe(measured, roles))
        for sentence in wrong:
            screen.say(f"did not hold: {sentence}")
    if wrong:
        raise CommandError(f"{len(wrong)} things did not hold")
    if not as_json:
        screen.say("Everything held.")


def named(measured: Measured, roles: Roles) -> dict[str, Any]:
    """What was measured, as programs read it: what is about the candidate names it."""
    candidate = roles.candidate
    names = {"last_start_seconds": f"last_{candidate}_start_seconds", "late_starts": f"late_{candidate}_starts"}
    return {names.get(name, name): value for name, value in asdict(measured).items()}


def describe(measured: Measured, roles: Roles) -> dict[str, str]:
    """What was measured, as a person reads it."""
    last, detected = measured.last_start_seconds, measured.detection_seconds
    candidate = roles.candidate
    flips = ", ".join(f"{seconds * 1000:.0f} ms" for seconds in measured.flip_seconds)
    gone = measured.gone_seconds
    rescued = f"{measured.rescued} waiting {candidate} jobs became {roles.stable} jobs"
    hung = (
        {} if gone is None else {f"{candidate} gone": f"{gone:.1f} s after the grace, from every place where it hung"}
    )
    return {
        "verdict": measured.verdict,
        "detection": "-" if detected is None else f"{detected:.1f} s after the first failed job",
        "flip": f"in force in each process after {flips}",
        f"last {candidate} start": "none after the flip" if last is None else f"{last * 1000:.0f} ms after the flip",
        f"late {candidate} starts": f"{measured.late_starts} after it was in force",
        **hung,
        "requests": f"{measured.accepted} of {measured.posted} accepted",
        "jobs": f"{measured.complete} complete, {measured.failed} failed as they had to, {measured.unfinished} open",
        "rescued": f"{rescued}, {measured.rescued_complete} complete",
        "data": f"{measured.equal} of {measured.to_restore} users see to the byte what {roles.stable} had published",
    }

"""`gateway rollout`: read the dial, move it, turn it off. Every change goes through the flags' own control."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal, TypeVar

import typer

from flags.change import Preview, preview
from flags.control import FlagControl, open_control
from flags.control_errors import Conflict, ControlError, ControlUnavailable, InvalidChange
from flags.model import Rollout
from gateway.cli.failure import FAILED, MISSING, UNREACHABLE, USAGE, CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_fields, print_json, say
from gateway.cli.queries import read_rows
from gateway.cli.state import START_HERE, with_database
from gateway.settings import Settings

T = TypeVar("T")

Expect = Annotated[str | None, typer.Option(help="Refuse if the rollout is not this version any more (see show).")]
KNOWN_USERS = 100_000

commands = typer.Typer(no_args_is_help=True, help="Read and move the share of users that v2 serves.")


@commands.command("show")
def show(as_json: AsJson = False) -> None:
    """Show the dial, the shadow share, named users and the version."""
    print_rollout(change(lambda control: control.read()), as_json=as_json)


@commands.command("set")
def set_percent(
    percent: Annotated[float, typer.Argument(min=0, max=100, help="0 to 100, at most one decimal place.")],
    preview_only: Annotated[bool, typer.Option("--preview", help="Only say who would move.")] = False,
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Serve this share of users with v2. Raising it moves nobody back."""
    if preview_only:
        before = change(lambda control: control.read())
        print_preview(preview(before, replace(before, percent=percent), known_users()), as_json=as_json)
        return
    print_rollout(change(lambda control: control.set_percent(percent, expect)), as_json=as_json)


@commands.command("off")
def turn_off(as_json: AsJson = False) -> None:
    """Roll back: every user gets v1 from now on. The percentage is kept for `on`."""
    print_rollout(change(lambda control: control.turn_off()), as_json=as_json)


@commands.command("on")
def turn_on(as_json: AsJson = False) -> None:
    """Go back to the percentage that was set."""
    print_rollout(change(lambda control: control.turn_on()), as_json=as_json)


@commands.command("force")
def force(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    pipeline: Annotated[Literal["v1", "v2", "none"], typer.Argument(help="none: the percentage decides again.")],
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Name one user for v1 or v2, whatever the percentage."""
    wanted = None if pipeline == "none" else pipeline
    print_rollout(change(lambda control: control.force(user, wanted, expect)), as_json=as_json)


@commands.command("shadow")
def set_shadow(
    percent: Annotated[float, typer.Argument(min=0, max=100, help="0 to 100, at most one decimal place.")],
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Run this share of imports through the other pipeline too, to compare; changes nothing for users."""
    print_rollout(change(lambda control: control.set_shadow(percent, expect)), as_json=as_json)


def change(work: Callable[[FlagControl], Awaitable[T]], *, must_exist: bool = True) -> T:
    """Run `work` on the control that the settings name; its failures become one line."""
    settings = Settings()

    async def run() -> T:
        control = build_control(settings, must_exist=must_exist)
        try:
            return await work(control)
        finally:
            await control.close()

    try:
        return asyncio.run(run())
    except InvalidChange as error:
        raise CommandError(str(error), USAGE) from None
    except Conflict as error:
        raise CommandError(f"{error}: look at it, then try again", FAILED) from None
    except ControlUnavailable as error:
        raise CommandError(str(error), UNREACHABLE) from None
    except ControlError as error:
        raise CommandError(str(error), FAILED) from None


def build_control(settings: Settings, *, must_exist: bool = True) -> FlagControl:
    """The control beside the flag source that the settings name."""
    if must_exist and settings.unleash_url is None and not (settings.data_dir / "flags.json").is_file():
        raise CommandError(f"there is no flags.json {START_HERE.format(settings.data_dir.absolute())}", MISSING)
    token = settings.unleash_admin_token
    if settings.unleash_url is not None and token is None:
        raise CommandError("UNLEASH_ADMIN_TOKEN is missing: changes go through the Unleash Admin API", USAGE)
    return open_control(
        data_dir=settings.data_dir,
        unleash_url=settings.unleash_url,
        admin_token=None if token is None else token.get_secret_value(),
        project=settings.unleash_project,
        environment=settings.unleash_environment,
    )


def known_users() -> list[str]:
    """The users who ever sent an import; nobody when there is no database yet."""
    try:
        rows = with_database(Settings(), lambda database: read_rows(database, "known_users", limit=KNOWN_USERS))
    except CommandError:
        return []
    return [row["user_id"] for row in rows]


def print_rollout(rollout: Rollout, *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(rollout), "dial": rollout.dial})
    else:
        print_fields(describe(rollout))


def describe(rollout: Rollout) -> dict[str, Any]:
    """A rollout as a person reads it."""
    return {
        "v2": f"{rollout.dial:g} % of users" if rollout.enabled else f"off (kept: {rollout.percent:g} %)",
        "shadow": f"{rollout.shadow_percent:g} % of imports",
        "always v2": ", ".join(rollout.forced_in),
        "always v1": ", ".join(rollout.forced_out),
        "version": rollout.version,
    }


def print_preview(moves: Preview, *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(moves), "share_moved": moves.share_moved})
        return
    say(f"{moves.candidate} would serve {moves.share_after:g} % of users instead of {moves.share_before:g} %")
    say(f"of the users known here, {len(moves.to_candidate)} would move to {moves.candidate} and {len(moves.to_v1)} to v1")

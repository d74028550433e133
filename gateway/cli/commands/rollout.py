"""`gateway rollout`: read the dial, move it, turn it off. Every change is written down and announced."""

from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from flags.change.preview import Preview
from flags.explain import describe_override
from flags.model import BASELINE, Override, Rollout
from gateway.cli.options import AsJson
from gateway.cli.output import print_fields, print_json, print_table, say, warn
from gateway.cli.rollout_client import Seen, change, preview_change, read_history, read_rollout, switch_locally

Expect = Annotated[str | None, typer.Option(help="Refuse if the rollout is not this version any more (see show).")]
Why = Annotated[str, typer.Option(help="Why; it goes into the history.")]
Local = Annotated[
    bool, typer.Option("--local", help="By a row in the database, in force everywhere; needs no flag server.")
]

commands = typer.Typer(no_args_is_help=True, help="Read and move the share of users that the candidate serves.")


@commands.command("show")
def show(as_json: AsJson = False) -> None:
    """Show the dial, the shadow share, named users, the version, and whether an override is in force."""
    print_rollout(read_rollout(), as_json=as_json)


@commands.command("set")
def set_percent(
    percent: Annotated[float, typer.Argument(min=0, max=100, help="0 to 100, at most one decimal place.")],
    preview_only: Annotated[bool, typer.Option("--preview", help="Only say who would move.")] = False,
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Serve this share of users with the candidate. Raising it moves nobody back."""
    if preview_only:
        print_preview(preview_change(lambda now: replace(now, percent=percent)), as_json=as_json)
        return
    print_rollout(change(lambda control: control.set_percent(percent, expect), why), as_json=as_json)


@commands.command("off")
def turn_off(local: Local = False, why: Why = "", as_json: AsJson = False) -> None:
    """Roll back: every user gets v1 from now on. The percentage is kept for `on`."""
    if local:
        print_switched(switch_locally(why, on=True), as_json=as_json)
        return
    print_rollout(change(lambda control: control.turn_off(), why, hint=True), as_json=as_json)


@commands.command("on")
def turn_on(local: Local = False, why: Why = "", as_json: AsJson = False) -> None:
    """Go back to the percentage that was set; with --local, lift the override."""
    if local:
        print_switched(switch_locally(why, on=False), as_json=as_json)
        return
    print_rollout(change(lambda control: control.turn_on(), why), as_json=as_json)


@commands.command("force")
def force(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    pipeline: Annotated[str, typer.Argument(help="v1, or the candidate; none: the percentage decides again.")],
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Name one user for v1 or the candidate, whatever the percentage."""
    wanted = None if pipeline == "none" else pipeline
    print_rollout(change(lambda control: control.force(user, wanted, expect), why), as_json=as_json)


@commands.command("shadow")
def set_shadow(
    percent: Annotated[float, typer.Argument(min=0, max=100, help="0 to 100, at most one decimal place.")],
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Run this share of imports through the other pipeline too, to compare; changes nothing for users."""
    print_rollout(change(lambda control: control.set_shadow(percent, expect), why), as_json=as_json)


@commands.command("history")
def history(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20, as_json: AsJson = False
) -> None:
    """List changes of the rollout: made by the gateway, or only seen by it."""
    entries, override = read_history(limit)
    if as_json:
        print_json([{**asdict(entry), "change": entry.change} for entry in entries])
        return
    rows = [(e.id, e.at, e.what, e.change, e.actor, e.via, e.why, e.revision) for e in entries]
    print_table(("id", "at", "what", "change", "who", "via", "why", "flags"), rows)
    if override is not None:
        warn(describe_override(override))


def print_rollout(seen: Seen, *, as_json: bool) -> None:
    rollout, override = seen.rollout, seen.override
    if as_json:
        dial = 0.0 if override else rollout.dial
        print_json({**asdict(rollout), "dial": dial, "override": override and asdict(override)})
        return
    print_fields(describe(rollout, override))
    if override is not None:
        warn(f"{describe_override(override)}; `gateway rollout on --local` lifts it")


def describe(rollout: Rollout, override: Override | None = None) -> dict[str, Any]:
    """A rollout as a person reads it."""
    share = f"{rollout.dial:g} % of users" if rollout.enabled else f"off (kept: {rollout.percent:g} %)"
    return {
        rollout.candidate: share if override is None else f"overridden: nobody (flags: {share})",
        "shadow": f"{rollout.shadow_percent:g} % of imports",
        f"always {rollout.candidate}": ", ".join(rollout.forced_in),
        f"always {BASELINE}": ", ".join(rollout.forced_out),
        "version": rollout.version,
    }


def print_switched(override: Override | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"override": override and asdict(override)})
    else:
        say(describe_override(override) if override else "no override: the flags decide")


def print_preview(moves: Preview, *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(moves), "share_moved": moves.share_moved})
        return
    say(f"{moves.candidate} would serve {moves.share_after:g} % of users instead of {moves.share_before:g} %")
    say(
        f"of the users known here, {len(moves.to_candidate)} would move to {moves.candidate} "
        f"and {len(moves.to_v1)} to {BASELINE}"
    )

"""`gateway rollout`: read the dial, move it, turn it off. Every change is written down and announced."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from flags.change.preview import Preview
from flags.explain import describe_override
from flags.model import Override, Rollout, VersionRollout
from gateway.cli.errors import USAGE, CommandError
from gateway.cli.options import AsJson, Version
from gateway.cli.output import print_fields, print_json, print_table, say, warn
from gateway.cli.rollout_client import (
    Seen,
    change,
    demote,
    preview_change,
    promote,
    read_history,
    read_rollout,
    switch_locally,
)
from gateway.rollout.rows import rollout_json

Expect = Annotated[str | None, typer.Option(help="Refuse if the rollout is not this version any more (see show).")]
Why = Annotated[str, typer.Option(help="Why; it goes into the history.")]
Local = Annotated[
    bool, typer.Option("--local", help="By a row in the database, in force everywhere; needs no flag server.")
]

commands = typer.Typer(no_args_is_help=True, help="Read and move the share of users that the candidate serves.")


@commands.command("show")
def show(as_json: AsJson = False) -> None:
    """Show the dial, the shadow share, named users, the version, and whether an override is in force.

    While the flag server does not answer: what the database knew last, and it is said that this is so.
    """
    print_rollout(read_rollout(), as_json=as_json)


@commands.command("set")
def set_percent(  # noqa: PLR0917 (one parameter an option)
    percents: Annotated[
        list[str],
        typer.Argument(
            metavar="PERCENT|VERSION=PERCENT...",
            help="For one version, 0 to 100, at most one decimal place; or shares of all users, like v3=10 v2=20.",
        ),
    ],
    preview_only: Annotated[bool, typer.Option("--preview", help="Only say who would move.")] = False,
    pipeline: Version = None,
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Turn a version on for this share of users. Raising it moves nobody back.

    With shares of all users by version, each flag gets the percentage that makes them come out; the rest gets the base.
    """
    if any("=" in text for text in percents):
        if preview_only or pipeline is not None:
            raise CommandError("shares by version go with neither --preview nor --pipeline", USAGE)
        shares = parse_shares(percents)
        print_rollout(change(lambda control: control.set_shares(shares, expect), why), as_json=as_json)
        return
    if len(percents) != 1:
        raise CommandError("give one percentage, or shares by version, like v3=10 v2=20", USAGE)
    percent = parse_percent(percents[0])
    if preview_only:
        moves = preview_change(lambda now: now.at(pipeline or now.candidate, percent), pipeline)
        print_preview(moves, as_json=as_json)
        return
    seen = change(lambda control: control.set_percent(percent, expect, pipeline=pipeline), why)
    print_rollout(seen, as_json=as_json)


def parse_percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a percentage", USAGE) from None
    if not 0 <= percent <= 100:
        raise CommandError(f"{text} is not in the range 0 to 100", USAGE)
    return percent


def parse_shares(texts: list[str]) -> dict[str, float]:
    parts = [text.partition("=") for text in texts]
    if len({version for version, _, _ in parts}) != len(parts):
        raise CommandError("a version is named twice", USAGE)
    return {version: parse_percent(percent) for version, _, percent in parts}


@commands.command("promote")
def promote_version(
    version: Annotated[str, typer.Argument(help="The version that everybody has by now.")],
    preview_only: Annotated[bool, typer.Option("--preview", help="Only say what it would do.")] = False,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Make a version the base, in every process and for good: its flag is not asked any more. Moves nobody, or refuses.

    It has to be on for 100 % of users, with nobody named out of it. `demote` undoes it.
    """
    promotion, done = promote(version, why, only_say=preview_only)
    if as_json:
        print_json({"base": promotion.version if done else promotion.before, "promoted": done})
        return
    for line in promotion.lines:
        say(line)
    say("done" if done else "nothing was changed")


@commands.command("demote")
def demote_version(why: Why = "", as_json: AsJson = False) -> None:
    """Undo `promote`: the base is again what BASE_PIPELINE says, and the flags of newer versions are asked again.

    Refused where that version is not there any more.
    """
    was, now = demote(why)
    if as_json:
        print_json({"base": now, "demoted": was})
    else:
        say(
            f"the base is {now} again, instead of {was}; the flag of {was} decides"
            if was
            else f"the base is {now}; nothing was promoted"
        )


@commands.command("off")
def turn_off(local: Local = False, pipeline: Version = None, why: Why = "", as_json: AsJson = False) -> None:
    """Roll back: a version's users get what they had before. The percentage is kept for `on`."""
    if local:
        print_switched(switch_locally(why, on=True), as_json=as_json)
        return
    seen = change(lambda control: control.turn_off(pipeline), why, hint=True)
    print_rollout(seen, as_json=as_json)
    version = pipeline or seen.rollout.candidate
    if not seen.rollout.of(version).content:
        warn(f"already off: the flag of {version} does not exist; `gateway flags init` creates it, at 0 %")


@commands.command("on")
def turn_on(local: Local = False, pipeline: Version = None, why: Why = "", as_json: AsJson = False) -> None:
    """Go back to the percentage that was set; with --local, lift the override."""
    if local:
        print_switched(switch_locally(why, on=False), as_json=as_json)
        return
    print_rollout(change(lambda control: control.turn_on(pipeline=pipeline), why), as_json=as_json)


@commands.command("force")
def force(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    pipeline: Annotated[str, typer.Argument(help="A version, or the base; none: the percentages decide.")],
    expect: Expect = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Name one user for a version or the base, whatever the percentages."""
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
        several = {version.pipeline: rollout_json(rollout, version.pipeline) for version in rollout.versions}
        print_json(
            {
                **rollout_json(rollout),
                "dial": dial,
                "override": override and asdict(override),
                "base": rollout.base,
                "shares": rollout.shares(),
                "warnings": rollout.warnings,
                "fresh": seen.unread is None,
                "unread": seen.unread,
                "versions": several,
            }
        )
        return
    print_fields(describe(rollout, override))
    for warning in rollout.warnings:
        warn(warning)
    if seen.unread is not None:
        warn(f"{seen.unread}: this is what the database knew last; /ready of a process says by what it decides")
    if override is not None:
        warn(f"{describe_override(override)}; `gateway rollout on --local` lifts it")


def describe(rollout: Rollout, override: Override | None = None) -> dict[str, Any]:
    """A rollout as a person reads it."""
    one = len(rollout.ladder) == 1
    shares = rollout.shares()
    fields: dict[str, Any] = {}
    for version in rollout.ladder:
        share = describe_share(version, shares[version.pipeline])
        fields[version.pipeline] = share if override is None else f"overridden: nobody (flags: {share})"
    if not one:
        fields[rollout.base] = f"{shares[rollout.base] if override is None else 100:g} % of users"
    fields["shadow"] = f"{rollout.shadow_percent:g} % of imports"
    for version in rollout.ladder:
        fields[f"always {version.pipeline}"] = ", ".join(version.forced_in)
        fields[f"always {rollout.base}" if one else f"never {version.pipeline}"] = ", ".join(version.forced_out)
    return {**fields, "version": rollout.version}


def describe_share(version: VersionRollout, share: float) -> str:
    """What a version's flag says, and what comes out where newer versions take users away."""
    if not version.enabled:
        return f"off (kept: {version.percent:g} %)"
    taken = f" (flag: {version.dial:g} %)" if abs(share - version.dial) > 1e-9 else ""
    return f"{share:g} % of users{taken}"


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
        f"and {len(moves.to_v1)} to {moves.older}"
    )

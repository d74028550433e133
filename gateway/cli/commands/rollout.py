"""`gateway rollout`: read the dial, move it, turn it off. Every change is written down and announced."""

from typing import TYPE_CHECKING, Annotated

import typer

from flags.explain import describe_override
from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.cli.off.command import Anyway, Why, turn_off, turn_on
from gateway.cli.options import AsJson, Since, Until, Version, since_of, until_of
from gateway.cli.output import print_json, print_table, say, warn
from gateway.cli.rollout_client import (
    change,
    demote,
    note_reason,
    preview_change,
    promote,
    read_guard,
    read_history,
    read_looks,
    read_processes,
    read_rollout,
    undo_change,
)
from gateway.cli.text.absent import warn_absent
from gateway.cli.text.rollout import (
    print_guard,
    print_list_of_processes,
    print_looks,
    print_preview,
    print_rollout,
)
from gateway.rollout.processes.reach import nobody_more, raised_to, shared_out
from gateway.rollout.rows import Via, WantedEntries, What

if TYPE_CHECKING:
    from gateway.rollout.history import Entry

Expect = Annotated[str | None, typer.Option(help="Refuse if the rollout is not this version any more (see show).")]

commands = typer.Typer(no_args_is_help=True, help="Read and move the share of users that the candidate serves.")


@commands.command("show")
def show(as_json: AsJson = False) -> None:
    """Show the dial, the shadow share, named users, the version, and whether an override is in force.

    While the flag server does not answer: what the database knew last, and it is said that this is so.
    """
    print_rollout(read_rollout(), as_json=as_json)


@commands.command("processes")
def show_processes(as_json: AsJson = False) -> None:
    """Show what each process has in force, how old its flags are, and which fell silent in the last ten minutes."""
    print_list_of_processes(read_processes(), as_json=as_json)


@commands.command("guard")
def show_guard(as_json: AsJson = False) -> None:
    """Show what the guard found last of each version, since its dial rose from 0, and whether it turned it off."""
    found = read_guard()
    if not found:
        raise CommandError("the guard has looked at no version yet: none was at a dial between 0 and 100", MISSING)
    print_guard(found, as_json=as_json)


@commands.command("looks")
def show_looks(  # noqa: PLR0917 - one parameter an option
    pipeline: Version = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    before: Annotated[int | None, typer.Option(help="Only looks before this id, to page on.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what the guard found at each look, newest first: where an answer changed, and once a minute."""
    looks = read_looks((since_of(since), until_of(until, since)), pipeline, before, limit)
    warn_absent(pipeline, looks)
    print_looks(looks, as_json=as_json)


@commands.command("set")
def set_percent(  # noqa: PLR0917 (one parameter an option)
    percents: Annotated[
        list[str],
        typer.Argument(
            metavar="PERCENT|VERSION=PERCENT...",
            help="For one version, 0 to 100, to one decimal place; or shares of all users, like v1=70 v2=20 v3=10.",
        ),
    ],
    preview_only: Annotated[
        bool, typer.Option("--preview", help="Only say who would move, and when the guard would see that it fails.")
    ] = False,
    pipeline: Version = None,
    expect: Expect = None,
    why: Why = "",
    anyway: Anyway = False,
    as_json: AsJson = False,
) -> None:
    """Turn a version on for this share of users. Raising it moves nobody back.

    With shares of all users by version, each flag gets the percentage that makes them come out; the rest gets the base.
    Refused while a live process cannot run a version that would get more users.
    """
    if any("=" in text for text in percents):
        if preview_only or pipeline is not None:
            raise CommandError("shares by version go with neither --preview nor --pipeline", USAGE)
        shares = parse_shares(percents)
        reaches = nobody_more if anyway else shared_out(shares)
        seen = change(lambda control: control.set_shares(shares, expect), why, reaches=reaches)
        print_rollout(seen, as_json=as_json)
        return
    if len(percents) != 1:
        raise CommandError("give one percentage, or shares by version, like v3=10 v2=20", USAGE)
    percent = parse_percent(percents[0])
    if preview_only:
        previewed = preview_change(lambda now: now.at(pipeline or now.candidate, percent), pipeline)
        print_preview(previewed, as_json=as_json)
        return
    reaches = nobody_more if anyway else raised_to(percent, pipeline)
    seen = change(lambda control: control.set_percent(percent, expect, pipeline=pipeline), why, pipeline, reaches)
    print_rollout(seen, as_json=as_json)


def parse_percent(text: str) -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        raise CommandError(f"{text!r} is not a percentage: a dial is a number from 0 to 100", USAGE) from None
    if not 0 <= percent <= 100:
        raise CommandError(f"a dial goes from 0 to 100 %, and {text} is outside", USAGE)
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


commands.command("off")(turn_off)
commands.command("on")(turn_on)


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
def history(  # noqa: PLR0917 - one parameter an option
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    before: Annotated[int | None, typer.Option(help="Only those before the row with this id.")] = None,
    what: Annotated[What | None, typer.Option(help="Only these.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this one did.")] = None,
    via: Annotated[Via | None, typer.Option(help="Only what was done this way.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """List changes of the rollout: made by the gateway, or only seen by it."""
    began = None if since is None else since_of(since)
    wanted = WantedEntries(what, actor, via, began, until_of(until, since))
    entries, override = read_history(wanted, limit, before)
    if as_json:
        print_json([entry.json for entry in entries])
        return
    rows = [
        (e.id, e.at, e.what, e.pipeline, e.change or "nothing", e.actor, e.via, "; ".join(reasons_of(e)), e.revision)
        for e in entries
    ]
    print_table(("id", "at", "what", "version", "change", "who", "via", "why", "flags"), rows)
    if override is not None:
        warn(describe_override(override))


@commands.command("undo")
def undo_row(
    row: Annotated[int, typer.Argument(help="The row's id, as `history` shows it.")],
    expect: Annotated[str | None, typer.Option(help="Where somebody came after: the version that you saw.")] = None,
    why: Why = "",
    anyway: Anyway = False,
    as_json: AsJson = False,
) -> None:
    """Put back what one change of the history changed: dial, named users, shadow share, the override.

    Refused where somebody changed the rollout since, unless --expect names what it is now. What the guard turned off is
    turned on again with a --why only.
    """
    undone, lines = undo_change(row, why, expect=expect, anyway=anyway)
    if as_json:
        print_json({"undone": undone, "lines": lines})
        return
    for line in lines:
        say(line)


def reasons_of(entry: "Entry") -> list[str]:
    """Why, as it was said then and later."""
    later = [f"{note['actor']} later: {note['why']}" for note in entry.notes]
    return [entry.why, *later] if entry.why else later


@commands.command("note")
def note(
    row: Annotated[int, typer.Argument(help="The id of a row of the history.")],
    text: Annotated[str, typer.Argument(help="Why it was done.")],
    as_json: AsJson = False,
) -> None:
    """Say later why something was done: a new row of the history that names the other, which stays as it is."""
    written = note_reason(row, text)
    if as_json:
        print_json(written.json)
    else:
        say(f"row {written.id} is about row {row}")

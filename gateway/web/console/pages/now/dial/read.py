"""Reads what a turn of the dial would do, and fills in the form."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flags.change.preview import Preview, preview
from flags.model import Pipeline, Rollout
from gateway.jobs.load import Load, read_load
from gateway.rollout.explain import known_users
from gateway.rollout.guard.price import price_step
from gateway.rollout.guard.store import read_traffic
from gateway.web.console.cached import Rhythm
from gateway.web.console.forms import Form
from gateway.web.console.pages.now.dial.form import (
    DialForm,
    Field,
    News,
    Wanted,
    after_of,
    button_text,
    news_of,
    set_share,
    typed_of,
    wants_text,
    why_problem,
)
from gateway.web.console.pages.now.dial.preview import Effects, Line, Priced, preview_lines
from gateway.web.console.pages.now.read import DEAR, NowReads, held
from gateway.web.console.pages.now.seen import Seen
from gateway.web.console.questions.versus import of_now
from gateway.web.console.wording import percent_text

USERS: Final = Rhythm(fresh=60.0, kept=600.0, wait=2.0, patience=0.03, in_turn=True)
MOVES: Final = Rhythm(fresh=30.0, kept=30.0, wait=2.0, patience=2.0)
NOBODY: Final = Preview("", "", 0.0, 0.0, (), ())
EMPTY: Final = Form()
NO_LADDER: Final = "There is no version above the base: nothing can be turned."


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form that was sent: nothing was done, because of this."""

    problems: Mapping[str, str]
    conflict: bool = False
    problem: str = ""


UNSENT: Final = Sent({})


async def fill_in(reads: NowReads, seen: Seen, form: Form = EMPTY, sent: Sent = UNSENT) -> DialForm:
    """The form with what was typed, and what that would do."""
    rollout = seen.asked.rollout
    if rollout is None or not rollout.ladder:
        return shut_form(seen, seen.asked.problem or NO_LADDER)
    wanted, problems = typed_of(form, rollout)
    problems |= sent.problems
    # Said until something else is sent: a preview of what was typed just before the button does not take it away.
    conflict = sent.conflict or form["refused"] == rollout.version
    lines = () if problems else await preview_of(reads, seen, rollout, wanted)
    needs_why = why_problem(replace(wanted, why=""), rollout)
    return DialForm(
        fields=fields_of(rollout, form, problems),
        shadow=Field("shadow", "Share compared", form["shadow"] or bare(rollout.shadow_percent),
                     percent_text(rollout.shadow_percent), problems.get("shadow", "")),
        why=wanted.why,
        why_problem=problems.get("why", ""),
        why_note="needed above 50 %" if needs_why else "goes into the history",
        button=button_text(wanted, rollout),
        seen=rollout.version if conflict else wanted.seen,
        saw=wanted.saw,
        preview=lines,
        news=news_in(seen, rollout, wanted, conflict=conflict),
        conflict=conflict,
        wants=wants_text(wanted, rollout),
        shut="" if seen.asked.fresh else shut_text(seen),
        on=tuple((one.pipeline, percent_text(one.percent)) for one in rollout.ladder if not one.enabled),
        overridden=seen.asked.override is not None,
        problem=sent.problem,
    )  # fmt: skip


def shut_form(seen: Seen, why: str) -> DialForm:
    """Nothing is known that could be changed."""
    return DialForm(
        fields=(),
        shadow=Field("shadow", "", "", ""),
        why="",
        why_problem="",
        why_note="",
        button="Set",
        seen="",
        saw="",
        preview=(),
        news=None,
        conflict=False,
        wants="",
        shut=why,
        on=(),
        overridden=seen.asked.override is not None,
    )


def shut_text(seen: Seen) -> str:
    """Why nothing can be changed, and how old is what stands here."""
    age = f"{seen.asked.age_seconds:.0f} s old"
    return f"Nothing can be changed now: {seen.asked.problem}. What stands here is as last known, {age}."


def news_in(seen: Seen, rollout: Rollout, wanted: Wanted, *, conflict: bool) -> News | None:
    """Somebody changed something since the form was filled in."""
    if wanted.seen == rollout.version and not conflict:
        return None
    change = next((entry for entry in seen.history.value or [] if entry.what in {"rollout", "override"}), None)
    return news_of(wanted.saw, rollout, change)


def fields_of(rollout: Rollout, form: Form, problems: Mapping[str, str]) -> tuple[Field, ...]:
    """One a version, the newest first."""
    several = len(rollout.ladder) > 1
    return tuple(
        Field(
            name := f"share-{one.pipeline}",
            f"{one.pipeline}, of all users" if several else f"Users on {one.pipeline}",
            form[name] or bare(set_share(rollout, one.pipeline)),
            percent_text(set_share(rollout, one.pipeline)),
            problems.get(name, ""),
        )
        for one in rollout.ladder
    )


def bare(percent: float) -> str:
    return f"{percent:.1f}".removesuffix(".0")


async def preview_of(reads: NowReads, seen: Seen, rollout: Rollout, wanted: Wanted) -> tuple[Line, ...]:
    """What it would do; of the newest version that changes, or of the one in question."""
    changed = wanted.changed(rollout)
    version = next(iter(changed), seen.version)
    after = after_of(rollout, wanted)
    before_share, after_share = set_share(rollout, version), set_share(after, version)
    if len(rollout.ladder) == 1 and not rollout.of(version).enabled:
        before_share = 0.0  # its flag is turned on with it
    moves, load_before, load_after, now, then = await asyncio.gather(
        moves_of(reads, rollout, after, version) if changed or before_share != after_share else nobody(),
        load_of(reads, version, before_share),
        load_of(reads, version, after_share),
        price_of(reads, version, rollout.of(version).percent),
        price_of(reads, version, after.of(version).percent),
    )
    if moves is None or load_before is None or load_after is None:
        return (Line("Preview", "What it would do could not be read in time."),)
    effects = Effects(
        version, before_share, after_share, moves[0], moves[1], load_before, load_after, now, then,
        came(seen, version, rollout.of(version).dial),
    )  # fmt: skip
    ramp = seen.ramp.value[0] if seen.ramp.value else None
    return preview_lines(effects, ramp if changed else None, seen.asked)


def came(seen: Seen, version: Pipeline, dial: float) -> int:
    """Users who count already, since the dial rose from 0; from 0 on, all begins anew."""
    kept = next((one for one in seen.guarded.value or () if one.pipeline == version), None) if dial else None
    guarded = of_now(kept, seen.questions.entries, version, dial)
    return 0 if guarded is None else sum(sum(counts) for counts in guarded.split.values())


async def nobody() -> tuple[Preview, int] | None:
    return NOBODY, 0


async def moves_of(reads: NowReads, before: Rollout, after: Rollout, version: Pipeline) -> tuple[Preview, int] | None:
    """Who of the known users would move, as if the flag were on; off the loop, since there may be many."""
    known = await held(reads.cached, "known users", lambda: known_users(reads.services.reads), USERS)
    users = known.value
    if users is None:
        return None
    then = switched_on(after, version)
    key = ("moves", before.version, version, tuple(one.percent for one in then.ladder))
    found = await held(reads.cached, key, lambda: asyncio.to_thread(preview, before, then, users, version), MOVES)
    return None if found.value is None else (found.value, len(users))


def switched_on(rollout: Rollout, version: Pipeline) -> Rollout:
    """The same with a version's flag on."""
    versions = tuple(replace(one, enabled=True) if one.pipeline == version else one for one in rollout.versions)
    return replace(rollout, versions=versions)


async def load_of(reads: NowReads, version: Pipeline, share: float) -> Load | None:
    """Of one version at a share of all users."""
    key = ("load", version, round(share, 2))
    return (await held(reads.cached, key, lambda: read_load(reads.services.reads, version, share), DEAR)).value


async def price_of(reads: NowReads, version: Pipeline, percent: float) -> Priced | None:
    """Of knowing, at one percentage of a version's flag."""

    async def read() -> Priced:
        async with reads.services.reads.connection() as connection:
            traffic = await read_traffic(connection, version)
        return Priced(await asyncio.to_thread(price_step, traffic, version, percent), traffic.base_share)

    return (await held(reads.cached, ("priced", version, percent), read, DEAR)).value

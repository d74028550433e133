"""Reads what "Is it safe?" shows."""

import asyncio
from datetime import datetime

from gateway.database.reads import Reads
from gateway.rollout.guard.looks import list_looks
from gateway.rollout.guard.sides import TwoSides, read_left_out
from gateway.rollout.ramp.plan import Ramp
from gateway.rollout.ramp.store import find_latest
from gateway.services import Services
from gateway.shadow.report.course import read_endings
from gateway.web.console.cached import DEAR, SMALL, CachedReads
from gateway.web.console.pages.safe.view import Beside, SafeView, nothing_to_ask, safe_view
from gateway.web.console.questions.read import Asked, ask
from gateway.web.console.questions.versus import candidates, chosen
from gateway.web.console.unread import read_part

LOOKS = 12


async def read_safe(services: Services, cached: CachedReads, version: str | None, now: datetime) -> SafeView:
    """The page about one version; the newest that some users have, if none is named."""
    state = services.flags.state()
    name = chosen(state, version)
    if name is None:
        return nothing_to_ask(state.versions.base)
    asked = await ask(services, cached, name, now)
    return safe_view(asked, await read_beside(services, cached, asked), candidates(state), now)


async def read_beside(services: Services, cached: CachedReads, asked: Asked) -> Beside:
    """What is read beside the questions, at once."""
    reads, versus = services.reads, asked.versus
    mine, other = versus.mine.pipeline, versus.other.pipeline
    sides = TwoSides(mine, other, versus.since, versus.until)
    about = (mine, other, versus.since)
    looks, jobs, pairs, ramp = await asyncio.gather(
        read_part(
            cached, "What the guard found", ("looks", mine, versus.since),
            lambda: list_looks(reads, versus.since, mine, limit=LOOKS), SMALL,
        ),
        read_part(cached, "Jobs in no rate", ("left out", *about), lambda: read_left_out(reads, sides), DEAR),
        read_part(
            cached, "Comparisons in no rate", ("endings", *about),
            lambda: read_endings(reads, (other, mine), versus.since, versus.until), DEAR,
        ),
        read_part(cached, "The ramp", "ramp", lambda: read_ramp(reads), SMALL),
    )  # fmt: skip
    return Beside(looks, jobs, pairs, ramp, services.settings.guard)


async def read_ramp(reads: Reads) -> Ramp | None:
    async with reads.connection() as connection:
        return await find_latest(connection)

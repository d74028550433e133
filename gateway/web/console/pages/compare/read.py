"""Reads what "Compare" shows: the list without anybody's words, and one pair with them."""

import asyncio
from datetime import datetime
from uuid import UUID

from gateway.services import Services
from gateway.shadow.report.overview import read_overview, read_spending
from gateway.shadow.report.queries import ListedPair, list_pairs, read_pair
from gateway.web.console.cached import DEAR, SMALL, CachedReads, Rhythm
from gateway.web.console.pages.compare.opened import Neighbours, OpenedPair, open_pair
from gateway.web.console.pages.compare.view import PAGE, CompareView, Material, ShareForm, compare_view
from gateway.web.console.pages.compare.wanted import WantedPairs
from gateway.web.console.unread import Unread, read_part
from gateway.web.console.wording import percent_text

NEAR = 500  # pairs from the worst on among which the one before is found
LISTED = Rhythm(fresh=5.0, kept=60.0, patience=0.03, in_turn=True)


async def read_compare(
    services: Services, cached: CachedReads, wanted: WantedPairs, now: datetime, form: ShareForm | None = None
) -> CompareView:
    """The list. `form`: of a share that could not be set, with what was typed."""
    reads, settings = services.reads, services.settings
    since, after = wanted.moment(now), UUID(wanted.after) if wanted.after else None
    about = ("since", wanted.since)
    overview, pairs, spending = await asyncio.gather(
        read_part(cached, "What comparisons say", ("overview", about), lambda: read_overview(reads, since), DEAR),
        read_part(
            cached, "The list of pairs", ("pairs", about, wanted.filter, after),
            lambda: list_pairs(reads, since, wanted.filter, after=after, limit=PAGE), LISTED,
        ),
        read_part(cached, "The day's budget", "spending", lambda: read_spending(reads), SMALL),
    )  # fmt: skip
    most = settings.shadow_daily_tokens, settings.shadow_daily_usd
    material = Material(overview, pairs, spending, services.registry.declared, most)
    share = form or share_form(services)
    return compare_view(wanted, material, share, shadow_percent(services))


def shadow_percent(services: Services) -> float:
    rollout = services.flags.state().rollout
    return 0.0 if rollout is None else rollout.shadow_percent


def share_form(services: Services) -> ShareForm:
    """As the flags are known here."""
    rollout = services.flags.state().rollout
    if rollout is None:
        return ShareForm("not known", "", known=False)
    return ShareForm(percent_text(rollout.shadow_percent), rollout.version, f"{rollout.shadow_percent:g}")


async def read_opened(
    services: Services, cached: CachedReads, job_id: UUID, wanted: WantedPairs, now: datetime
) -> OpenedPair | None:
    """One pair with its user's words, which are kept nowhere. Raises psycopg.Error and ReadTooLong."""
    reads = services.reads
    pair = await read_pair(reads, str(job_id))
    if pair is None:
        return None
    near = await read_part(
        cached, "The list of pairs", ("near", wanted.since, wanted.filter),
        lambda: list_pairs(reads, wanted.moment(now), wanted.filter, limit=NEAR), LISTED,
    )  # fmt: skip
    links = neighbours([] if isinstance(near, Unread) else near, str(job_id), wanted)
    return await asyncio.to_thread(open_pair, pair, links)


def neighbours(near: list[ListedPair], job_id: str, wanted: WantedPairs) -> Neighbours:
    """The pairs before and behind in the list that this one was opened from."""
    ids = [one.job_id for one in near]
    back = wanted.address()
    if job_id not in ids:
        return Neighbours(back)
    index = ids.index(job_id)

    def path(at: int) -> str:
        return wanted.address(f"/console/compare/{ids[at]}") if 0 <= at < len(ids) else ""

    return Neighbours(back, path(index - 1), path(index + 1), f"#{index + 1}")

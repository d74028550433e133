"""What a data rollback is asked to do, checked: the same refusals at the terminal and over HTTP."""

from collections.abc import Collection
from dataclasses import dataclass

from gateway.restore.model import Run
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from pipelines.versions import age_of, oldest_first


class NotMeant(Exception):
    """This cannot be meant; the message says why, and what to say instead."""


@dataclass(frozen=True, slots=True)
class Order:
    """Whose last results are put back, and to whom."""

    to: str | None  # None: the base; with a source, for each user the newest older version
    source: str | None  # the version that is left; None: all but the target
    there: Collection[str]  # the versions whose folders are there
    option: str = ""  # what stands before the names of what is asked for: "--" at the terminal


@dataclass(frozen=True, slots=True)
class Leaving:
    """Users of one version, by what they can have back."""

    by_version: dict[str, int]  # the newest older version that is kept of them, the newest first
    missing: int  # users of whom nothing older is kept


async def check_order(store: RestoreStore, order: Order, base: str) -> None:
    """Raises NotMeant."""
    live = await store.live()
    if order.source is not None and order.source not in live and order.source not in order.there:
        raise NotMeant(f"there is no pipeline {order.source}, and no result of it is live")
    if order.source is None and order.to is None:
        _check_one_is_live({version: users for version, users in live.items() if version != base}, order, base)
    if order.to is not None and order.to not in order.there and not await store.keeps(order.to):
        raise NotMeant(f"there is no pipeline {order.to}, and no result of it is kept")


def _check_one_is_live(others: dict[str, int], order: Order, base: str) -> None:
    """Users of v2 are not to lose it because v3 is rolled back."""
    if len(others) > 1:
        told = " and ".join(f"{version} ({users} users)" for version, users in sorted(others.items(), reverse=True))
        raise NotMeant(
            f"results of {told} are live beside {base}: {order.option}from names the one that is rolled back, "
            f"{order.option}to {base} means all of them"
        )


async def count_leaving(store: RestoreStore, source: str) -> Leaving:
    """Whom a rollback from a version would find now."""
    older = [name for name in reversed(oldest_first(await store.kept())) if age_of(name) < age_of(source)]
    found = await store.kept_of_older(source, older)
    users = (await store.live()).get(source, 0)
    return Leaving(found, users - sum(found.values()))


async def list_targets(store: RestoreStore, order: Order, base: str) -> list[str]:
    """The versions whose results are put back, one after the other; none if nothing older is kept of anybody."""
    if order.to is not None or order.source is None:
        return [order.to or base]
    return [*(await count_leaving(store, order.source)).by_version]


async def order_restore(store: RestoreStore, order: Order, base: str, by: By) -> tuple[list[str], Run | None]:
    """Have workers put results back: the versions, in their order, and the run, None where nothing is kept.

    Begins one, or goes on with an unfinished one to the same version; a run the other way round ends. Raises NotMeant.
    """
    await check_order(store, order, base)
    targets = await list_targets(store, order, base)
    run = await store.begin(targets[0], by, by_worker=True, older=targets[1:]) if targets else None
    return targets, run

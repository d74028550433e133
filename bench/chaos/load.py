"""The load: many users, some with a newer export right behind the first, half of them on each pipeline."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gateway.cli.rehearsal.invented_users.chatgpt import make_export

UNTIL = datetime(2025, 6, 1, tzinfo=UTC)
KINDS = 12  # different exports; users share them
CONVERSATIONS = 150


@dataclass(frozen=True, slots=True)
class Order:
    """One request: `path` is in place before it is sent. Users are numbered; odd ones are on v2."""

    user: str
    path: str
    v2: bool


@dataclass(slots=True)
class Accepted:
    """What the API promised: job ids of answers with 200. `refused` counts answers and errors that promise nothing."""

    jobs: set[str] = field(default_factory=set)
    refused: int = 0


def make_orders(jobs: int, seed: int) -> list[Order]:
    """About a third of the users send two exports; the later one must win."""
    rng = random.Random(seed)
    orders: list[Order] = []
    user = 0
    while len(orders) < jobs:
        for n in range(min(rng.choice((1, 1, 2)), jobs - len(orders))):
            name = f"user-{user:05}"
            orders.append(Order(name, f"user-imports/{name}/raw-{n}-{rng.randrange(KINDS)}.json", v2=user % 2 == 1))
        user += 1
    return orders


def write_exports(orders: Sequence[Order], folder: Path, conversations: int = CONVERSATIONS) -> None:
    """Put every export in place."""
    bodies = [make_export(kind, conversations, UNTIL).body for kind in range(KINDS)]
    for order in orders:
        target = folder / order.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(bodies[kind_of(order.path)])


def kind_of(path: str) -> int:
    """Which export it is: the last number of its path."""
    return int(path.rsplit("-", 1)[1].removesuffix(".json"))


async def send(orders: Sequence[Order], url: str, *, seconds: float) -> Accepted:
    """Send all orders over about `seconds`, each user's in order; repeat what was not answered with 200."""
    accepted = Accepted()
    by_user: dict[str, list[Order]] = {}
    for order in orders:
        by_user.setdefault(order.user, []).append(order)
    pause = seconds / max(1, len(by_user))
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as client, asyncio.TaskGroup() as tasks:
        for own in by_user.values():
            tasks.create_task(_send_all(client, own, accepted))
            await asyncio.sleep(pause)
    return accepted


async def _send_all(client: httpx.AsyncClient, orders: Sequence[Order], accepted: Accepted) -> None:
    for order in orders:
        while True:
            route = "/process-full-v2" if order.v2 else "/process-full"
            try:
                answer = await client.post(route, json={"user_id": order.user, "storage_path": order.path})
            except httpx.TransportError:
                accepted.refused += 1
            else:
                if answer.status_code == 200:
                    accepted.jobs.add(answer.json()["job_id"])
                    break
                accepted.refused += 1
            await asyncio.sleep(0.3)

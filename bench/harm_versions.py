"""Versions with a fault each, for `bench.harms`: the newest pipeline's own run, its result then damaged on purpose.

Each draws from the user's number, so that the same user is harmed the same way in every run.
"""

import asyncio
import importlib
import os
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from pipelines.contract import Fact, ImportRequest, Pipeline, Ports, Soulprint
from pipelines.inert_ports import LocalExport

UNTIL = datetime(2026, 5, 1, tzinfo=UTC)
CONVERSATIONS = (6, 20, 60)
LOST = 0.05  # of facts
ELSEWHERE = ("Ulaanbaatar", "Reykjavik", "Antananarivo", "Tashkent")
TEXTS = ("soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_md")

Damage = Callable[[Soulprint, random.Random], Soulprint]


def export_of(number: int) -> bytes:
    """The export of the user with this number."""
    return make_export(number, CONVERSATIONS[number % len(CONVERSATIONS)], UNTIL).body


def newest() -> Pipeline:
    """The version that is damaged."""
    return cast("Pipeline", importlib.import_module("pipelines.v2.run").run)


async def damaged(request: ImportRequest, ports: Ports, damage: Damage) -> Soulprint:
    return damage(await newest()(request, ports), random.Random(int(request.user_id)))


async def clean(request: ImportRequest, ports: Ports) -> Soulprint:
    return await newest()(request, ports)


async def reordered(request: ImportRequest, ports: Ports) -> Soulprint:
    return await damaged(request, ports, reorder)


async def facts_lost(request: ImportRequest, ports: Ports) -> Soulprint:
    return await damaged(request, ports, lose_facts)


async def identity_dropped(request: ImportRequest, ports: Ports) -> Soulprint:
    return await damaged(request, ports, drop_identity)


async def wrong_location(request: ImportRequest, ports: Ports) -> Soulprint:
    return await damaged(request, ports, move_elsewhere)


async def capitals(request: ImportRequest, ports: Ports) -> Soulprint:
    return await damaged(request, ports, shout)


async def other_user(request: ImportRequest, ports: Ports) -> Soulprint:
    """Reads somebody else's export."""
    path = ports.workdir / "other"
    path.write_bytes(export_of(int(request.user_id) + 100_000))
    return await newest()(request, replace(ports, exports=LocalExport(path)))


async def three_seconds_slower(request: ImportRequest, ports: Ports) -> Soulprint:
    await asyncio.sleep(3)
    return await newest()(request, ports)


async def crash(request: ImportRequest, ports: Ports) -> Soulprint:  # noqa: ARG001
    os.abort()


async def hang(request: ImportRequest, ports: Ports) -> Soulprint:  # noqa: ARG001
    while True:
        time.sleep(1)  # noqa: ASYNC251 - that is the fault


async def memory(request: ImportRequest, ports: Ports) -> Soulprint:  # noqa: ARG001
    held: list[bytearray] = []
    while True:
        held.append(bytearray(16 << 20))


VERSIONS: dict[str, Callable[[ImportRequest, Ports], Awaitable[Soulprint]]] = {
    run.__name__: run
    for run in (
        clean, reordered, facts_lost, identity_dropped, other_user, wrong_location, capitals, three_seconds_slower,
        crash, hang, memory,
    )
}  # fmt: skip


def reorder(result: Soulprint, draw: random.Random) -> Soulprint:
    sections: Any = {
        section: {
            name: draw.sample(value, len(value)) if isinstance(value, list) else value for name, value in fields.items()
        }
        for section, fields in draw.sample(sorted(result.sections.items()), len(result.sections))
    }
    return msgspec.structs.replace(result, facts=tuple(draw.sample(result.facts, len(result.facts))), sections=sections)


def lose_facts(result: Soulprint, draw: random.Random) -> Soulprint:
    """Each in 5 of 100 cases, and at least one."""
    certain = draw.randrange(len(result.facts))
    kept = (fact for n, fact in enumerate(result.facts) if n != certain and draw.random() >= LOST)
    return msgspec.structs.replace(result, facts=tuple(kept))


def drop_identity(result: Soulprint, draw: random.Random) -> Soulprint:  # noqa: ARG001 - one signature for all
    sections = {section: fields for section, fields in result.sections.items() if section != "identity"}
    return msgspec.structs.replace(result, sections=sections, identity_md=None)


def move_elsewhere(result: Soulprint, draw: random.Random) -> Soulprint:
    place = draw.choice(ELSEWHERE)
    sections = {name: dict(fields) for name, fields in result.sections.items()}
    sections["user"]["location"] = place
    facts = tuple(
        msgspec.structs.replace(fact, value=place) if fact.category == "location" else fact for fact in result.facts
    )
    return msgspec.structs.replace(result, sections=sections, facts=facts)


def shout(result: Soulprint, draw: random.Random) -> Soulprint:  # noqa: ARG001
    facts: tuple[Fact, ...] = tuple(msgspec.structs.replace(fact, value=fact.value.upper()) for fact in result.facts)
    texts = {name: (getattr(result, name) or "").upper() or None for name in TEXTS}
    return msgspec.structs.replace(result, facts=facts, **texts)

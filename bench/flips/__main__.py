"""From a flip's commit to the last start of the candidate: three gateway processes under load, through each door.

python -m bench.flips [--flips 20] [--home unleash|file] [--limit 1200]

It ends within its limit, whatever hangs, and says which doors it came to.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.flips import LIMIT_SECONDS
from bench.flips.fleet import Fleet, open_fleet
from bench.flips.load import loaded
from bench.flips.measure import measure, report
from flags.control import FlagControl
from flags.model import flag_of
from flags.unleash.api import Endpoint
from flags.unleash.webhook import Webhook, register_webhook
from gateway.cli.rehearsal.roles import find_roles
from gateway.config.forwarded_routes import UNLEASH_WEBHOOK
from tests.unleash_server import ADMIN_TOKEN

PROCESSES = 3
HOMES = ("unleash", "file")
PER_SECOND = 25.0
NOTIFIED, POLLED = 0.25, 2.0  # targets, seconds: announced; poll interval + 1 s
CALLED = 1.5  # target, seconds: Unleash itself announces its events about once a second
BY_POLL = {"DATABASE_TRANSACTION_POOLER": "1"}  # then nobody listens
WEBHOOK_TOKEN = "a-webhook-token-of-this-bench-2718-2818"
BY_WEBHOOK = {"UNLEASH_POLL_SECONDS": "15", "UNLEASH_WEBHOOK_TOKEN": WEBHOOK_TOKEN}


async def through_gateway(fleet: Fleet, what: str, body: dict[str, Any]) -> datetime:
    """As `gateway rollout` and `/admin/rollout` do it; committed is the moment of its row in the history."""
    method = "PUT" if what == "" else "POST"
    await fleet.admin(method, what, body)
    newest = await fleet.admin("GET", "/history?limit=1")
    return datetime.fromisoformat(newest[0]["at"]) if newest else await fleet.now()


async def elsewhere(fleet: Fleet, change: str) -> datetime:
    """As somebody else does it, in Unleash itself or in the file; committed is when that has answered."""
    control: FlagControl = fleet.control
    await (control.turn_off() if change == "off" else control.turn_on())
    return await fleet.now()


async def in_its_pages(fleet: Fleet, change: str) -> datetime:
    """As Unleash's pages do it: one call of its Admin API; committed is when that has answered."""
    assert fleet.unleash is not None
    path = f"/api/admin/projects/default/features/{flag_of(fleet.roles.candidate)}/environments/development/{change}"
    answer = await fleet.client.post(f"{fleet.unleash.url}{path}", headers={"Authorization": ADMIN_TOKEN})
    answer.raise_for_status()
    return await fleet.now()


async def measure_webhook(fleet: Fleet, flips: int) -> bool:
    """Polls are 15 s apart; Unleash calls the first process, which tells the others."""
    assert fleet.unleash is not None
    fleet.stop()
    fleet.start(PROCESSES, **BY_WEBHOOK)
    await fleet.ready()
    webhook = Webhook(f"{fleet.urls[0]}{UNLEASH_WEBHOOK}", WEBHOOK_TOKEN, "default", "development")
    await register_webhook(Endpoint(fleet.unleash.url, ADMIN_TOKEN, 10.0), webhook)
    await asyncio.to_thread(fleet.unleash.kill)  # for a minute, it would go on with the integrations that it knew last
    await asyncio.to_thread(fleet.unleash.start)
    async with loaded(fleet, PER_SECOND):
        called = await measure(fleet, lambda: in_its_pages(fleet, "off"), lambda: in_its_pages(fleet, "on"), flips)
    return report("Unleash, changed in its pages (by webhook, polls 15 s)", fleet.roles.candidate, called, CALLED)


async def measure_home(folder: Path, flips: int, *, unleash: bool) -> list[bool]:
    """All doors to one home of the flags."""
    home = "Unleash" if unleash else "flags.json"
    met = []
    async with open_fleet(folder, with_unleash=unleash) as fleet:
        await fleet.control.set_percent(50)
        fleet.start(PROCESSES)
        await fleet.ready()
        candidate = fleet.roles.candidate
        gateway, outside = partial(through_gateway, fleet), partial(elsewhere, fleet)
        async with loaded(fleet, PER_SECOND):
            told = await measure(fleet, lambda: gateway("/off", {}), lambda: gateway("/on", {}), flips)
            met.append(report(f"{home}, rollout off (announced)", candidate, told, NOTIFIED))
            await gateway("/on", {})
            await fleet.all_at(50)
            if fleet.unleash is not None:
                fleet.unleash.freeze()
            local = {"local": True}
            thrown = await measure(fleet, lambda: gateway("/off", local), lambda: gateway("/on", local), flips)
            name = "rollout off --local while Unleash hangs" if unleash else "flags.json, rollout off --local"
            met.append(report(name, candidate, thrown, NOTIFIED))
            if fleet.unleash is not None:
                fleet.unleash.thaw()
            await gateway("/on", local)
        fleet.stop()
        fleet.start(PROCESSES, **BY_POLL)
        await fleet.ready()
        async with loaded(fleet, PER_SECOND):
            polled = await measure(fleet, lambda: outside("off"), lambda: outside("on"), flips)
            met.append(report(f"{home}, changed there (by poll alone)", candidate, polled, POLLED))
        if unleash:
            met.append(await measure_webhook(fleet, flips))
    return met


async def run(flips: int, homes: Sequence[str] = HOMES, limit: float = LIMIT_SECONDS) -> list[bool]:
    """The homes, in at most so many seconds; what was not measured by then counts as missed."""
    candidate = find_roles().candidate
    load = f"{PROCESSES} processes, {PER_SECOND:g} requests/s, half {candidate}"
    print(f"flips from 50 % to nothing, to the last {candidate} start; {load}")
    with tempfile.TemporaryDirectory(prefix="bench-flips-", ignore_cleanup_errors=True) as name:
        met: list[bool] = []
        try:
            async with asyncio.timeout(limit):
                for home in homes:
                    met += await measure_home(Path(name) / home, flips, unleash=home == "unleash")
        except TimeoutError as error:
            print(f"not all doors were measured: {error or f'the limit of {limit:g} s is over'}", flush=True)
            met.append(False)
        return met


def main() -> int:
    """Measure, print, and fail if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=20)
    parser.add_argument("--home", choices=HOMES, action="append", help="only this one; default: both")
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds for all of it")
    asked = parser.parse_args()
    return 0 if all(asyncio.run(run(asked.flips, asked.home or HOMES, asked.limit))) else 1


if __name__ == "__main__":
    raise SystemExit(main())

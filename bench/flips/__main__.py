"""From a flip's commit to the last v2 start: three gateway processes under load, through each door.

python -m bench.flips [--flips 20]
"""

import argparse
import asyncio
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.flips.fleet import Fleet, open_fleet
from bench.flips.load import loaded
from bench.flips.measure import measure, report
from flags.control import FlagControl

PROCESSES = 3
PER_SECOND = 25.0
NOTIFIED, POLLED = 0.25, 2.0  # targets, seconds: announced; poll interval + 1 s
BY_POLL = {"DATABASE_TRANSACTION_POOLER": "1"}  # then nobody listens


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


async def measure_home(folder: Path, flips: int, *, unleash: bool) -> list[bool]:
    """All doors to one home of the flags."""
    home = "Unleash" if unleash else "flags.json"
    met = []
    async with open_fleet(folder, with_unleash=unleash) as fleet:
        await fleet.control.set_percent(50)
        fleet.start(PROCESSES)
        await fleet.ready()
        gateway, outside = partial(through_gateway, fleet), partial(elsewhere, fleet)
        async with loaded(fleet, PER_SECOND):
            told = await measure(fleet, lambda: gateway("/off", {}), lambda: gateway("/on", {}), flips)
            met.append(report(f"{home}, rollout off (announced)", told, NOTIFIED))
            await gateway("/on", {})
            await fleet.all_at(50)
            if fleet.unleash is not None:
                fleet.unleash.freeze()
            local = {"local": True}
            thrown = await measure(fleet, lambda: gateway("/off", local), lambda: gateway("/on", local), flips)
            name = "rollout off --local while Unleash hangs" if unleash else "flags.json, rollout off --local"
            met.append(report(name, thrown, NOTIFIED))
            if fleet.unleash is not None:
                fleet.unleash.thaw()
            await gateway("/on", local)
        fleet.stop()
        fleet.start(PROCESSES, **BY_POLL)
        await fleet.ready()
        async with loaded(fleet, PER_SECOND):
            polled = await measure(fleet, lambda: outside("off"), lambda: outside("on"), flips)
            met.append(report(f"{home}, changed there (by poll alone)", polled, POLLED))
    return met


async def run(flips: int) -> list[bool]:
    """Both homes."""
    print(
        f"flips from 50 % to nothing, to the last v2 start; {PROCESSES} processes, {PER_SECOND:g} requests/s, half v2"
    )
    with tempfile.TemporaryDirectory(prefix="bench-flips-", ignore_cleanup_errors=True) as name:
        met = []
        for unleash in (True, False):
            met += await measure_home(Path(name) / ("unleash" if unleash else "file"), flips, unleash=unleash)
        return met


def main() -> int:
    """Measure, print, and fail if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=20)
    return 0 if all(asyncio.run(run(parser.parse_args().flips))) else 1


if __name__ == "__main__":
    raise SystemExit(main())

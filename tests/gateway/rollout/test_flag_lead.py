"""Of several processes one asks Unleash often; the others hear of what it saw, and take over when it cannot."""

import asyncio
from collections.abc import Callable
from typing import cast

from flags.model import FlagState
from flags.overridable import OverridableSource
from gateway.database.pool import Database
from gateway.database.shared_line.leaders import Leaders
from gateway.database.shared_line.line import LISTENING_SECONDS, Line
from gateway.rollout.processes.flag_lead import LOOK_SECONDS, TERM_SECONDS, FlagLead
from tests.fakes.counting_pool import counting
from tests.gateway.jobs.conftest import until


class Flags:
    """Flags of one process, as they were when it last asked."""

    def __init__(self, server: dict[str, str]) -> None:
        self.server = server
        self.revision = server["revision"]
        self.healthy = True

    def state(self) -> FlagState:
        return FlagState("unleash", known=True, healthy=self.healthy, revision=self.revision, dial=0.0, age_seconds=0.0)

    async def refresh(self) -> FlagState:
        self.revision = self.server["revision"]
        return self.state()

    def subscribe(self, callback: Callable[[FlagState, FlagState], None]) -> None:
        pass


def as_source(flags: Flags) -> OverridableSource:
    return cast("OverridableSource", flags)


async def test_one_asks_and_the_others_follow_what_it_sees(database: Database) -> None:
    server = {"revision": "one"}
    processes = [(FlagLead(database.pool, Leaders(), f"process {n}"), Flags(server)) for n in range(3)]
    for lead, flags in processes:
        await lead.look(as_source(flags))
    assert [lead.led_elsewhere() for lead, _ in processes] == [False, True, True]
    server["revision"] = "two"
    for lead, flags in processes:
        await lead.look(as_source(flags))
    assert [flags.revision for _, flags in processes] == ["one"] * 3  # nobody asked yet
    await processes[0][1].refresh()  # the leader's poll
    for lead, flags in processes:
        await lead.look(as_source(flags))
    assert [flags.revision for _, flags in processes] == ["two"] * 3


async def test_who_cannot_reach_the_server_hands_the_lead_on_and_asks_for_itself(database: Database) -> None:
    server = {"revision": "one"}
    (first, cut_off), (second, flags) = [
        (FlagLead(database.pool, Leaders(), name), Flags(server)) for name in ("a", "b")
    ]
    await first.look(as_source(cut_off))
    await second.look(as_source(flags))
    assert second.led_elsewhere()
    cut_off.healthy = False
    await first.look(as_source(cut_off))
    await second.look(as_source(flags))
    assert (first.led_elsewhere(), second.led_elsewhere()) == (False, False)


async def test_who_hears_on_its_line_who_leads_asks_nothing_and_follows_what_that_one_saw(database: Database) -> None:
    server = {"revision": "one"}
    leading = FlagLead(database.pool, Leaders(), "a")
    await leading.look(as_source(Flags(server)))
    pool, asked = counting(database.pool)
    leaders, flags = Leaders(), Flags({"revision": "none"})
    flags.server = server
    following = FlagLead(pool, leaders, "b")
    line = Line(database.url, seconds=0.02)
    line.join(leaders)
    line.start()
    await until(lambda: asyncio.sleep(0, leaders.elsewhere("flags", "b")))
    await line.stop()
    assert not following.led_elsewhere()
    await following.look(as_source(flags))
    assert (following.led_elsewhere(), flags.revision, asked) == (True, "one", [])


def test_a_leader_that_falls_silent_is_replaced_within_five_seconds_and_those_who_hear_of_it_ask_nobody() -> None:
    assert TERM_SECONDS + LOOK_SECONDS < 5.0
    assert TERM_SECONDS - LOOK_SECONDS >= LISTENING_SECONDS  # what a trip told lasts until the next one

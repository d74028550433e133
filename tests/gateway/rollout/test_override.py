"""`rollout off --local`: a row in the database sends everybody to v1, whatever becomes of the flag server."""

from collections.abc import AsyncIterator

import pytest

from flags.change.edit import with_percent
from flags.document.defaults import default_document
from flags.last_known.snapshot import Traits
from flags.model import V2_FLAG
from flags.unleash.api import Endpoint
from flags.unleash.source import PollTiming, UnleashSource
from gateway.rollout.history import By
from gateway.rollout.metrics import RolloutCollector
from gateway.rollout.override import lift_override, throw_override
from tests.flags.unleash.bad_server import BadServer, running
from tests.gateway.rollout.conftest import Fleet, Process, eventually

ANN = By("ann@desk", "cli", "v2 writes nonsense")


@pytest.fixture
async def hung(fleet: Fleet) -> AsyncIterator[BadServer]:
    """A flag server that knows 100 %, and hangs from now on; a process that learnt of it in time."""
    server = BadServer(default_document())
    feature = server.document["features"][0]
    feature["strategies"] = list(with_percent(feature["strategies"], V2_FLAG, 100))
    async with running(server):
        source = UnleashSource(
            Endpoint(server.url, "token", timeout_seconds=3.0), fleet.data_dir / "kept", Traits(), PollTiming(poll=0.05)
        )
        await fleet.start(source=source)
        await fleet.settled()
        server.mood = "hangs"
        yield server
        server.mood = "well"


def overridden(process: Process) -> bool:
    decision, state = process.flags.decide("somebody"), process.flags.state()
    return (decision.pipeline, decision.reason, decision.dial, state.dial) == ("v1", "override", 0, 0)


async def test_it_is_in_force_at_once_while_the_flag_server_hangs(fleet: Fleet, hung: BadServer) -> None:
    (process,) = fleet.processes
    assert process.flags.decide("somebody").pipeline == "v2"
    assert await throw_override(fleet.database.pool, ANN)
    await eventually(lambda: overridden(process), seconds=2.0)  # the hanging call takes three
    assert not process.flags.state().healthy or hung.mood == "hangs"


async def test_every_process_follows_and_goes_back(fleet: Fleet) -> None:
    await fleet.control.set_percent(100)
    await fleet.start(3)
    await fleet.settled()
    assert await throw_override(fleet.database.pool, ANN)
    await eventually(lambda: all(map(overridden, fleet.processes)))
    assert not await throw_override(fleet.database.pool, ANN), "once is enough"
    assert await lift_override(fleet.database.pool, ANN)
    await eventually(lambda: all(one.flags.decide("somebody").pipeline == "v2" for one in fleet.processes))
    assert not await lift_override(fleet.database.pool, ANN)
    changes = [(entry.what, entry.actor, entry.why, entry.change) for entry in await fleet.history()]
    assert changes == [
        ("override", "ann@desk", "v2 writes nonsense", "override: off → on"),
        ("override", "ann@desk", "v2 writes nonsense", "override: on → off"),
    ]


async def test_it_holds_from_the_first_moment_of_a_process(fleet: Fleet) -> None:
    await fleet.control.set_percent(100)
    await throw_override(fleet.database.pool, ANN)
    (process,) = await fleet.start()
    assert overridden(process)
    assert process.flags.state().override is not None


async def test_it_says_so_in_the_metrics(fleet: Fleet) -> None:
    await throw_override(fleet.database.pool, ANN)
    (process,) = await fleet.start()
    process.metrics.registry.register(RolloutCollector(process.flags, process.watch, process.flips))
    value = process.metrics.registry.get_sample_value
    assert value("gateway_rollout_override") == 1
    assert value("gateway_rollout_changes_total") == 1
    assert value("gateway_rollback_last_start_seconds") == 0
    assert value("gateway_rollout_last_change_timestamp_seconds", {"what": "override", "via": "cli"})


async def test_the_shadow_sample_stays_as_the_flags_say(fleet: Fleet) -> None:
    await fleet.control.set_shadow(100)
    (process,) = await fleet.start()
    await throw_override(fleet.database.pool, ANN)
    await eventually(lambda: overridden(process))
    assert process.flags.decide("somebody").shadow is not None

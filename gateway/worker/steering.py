"""What one worker does for rollouts, again and again: takes ramps forward, guards, and puts users' data back."""

from collections.abc import Callable, Iterator

from gateway.restore.run import Restorer
from gateway.restore.store import RestoreStore
from gateway.rollout.guard.standing import StandingGuard, Watch
from gateway.rollout.guard.store import GUARD
from gateway.rollout.ramp.driver import RampDriver, RampInputs
from gateway.services import Services
from gateway.worker.upkeep import Periodic, Upkeep

RESTORE_SECONDS = 5.0


def steering_tasks(services: Services, worker: str, alive: Callable[[], bool], upkeep: Upkeep) -> Iterator[Periodic]:
    """Each for `run_every`. `worker`: its name; `alive`: does it take jobs?"""
    settings, metrics, pool = services.settings, services.metrics, services.database.pool
    changes, flags = services.steering.changes, services.flags.state
    driver = RampDriver(pool, changes, RampInputs(flags, alive, guarded=settings.guard != "off"), metrics)
    yield "ramp", settings.ramp_look_seconds, upkeep.led(driver.look, otherwise=driver.forget)
    watch = Watch(worker, settings.guard, settings.guard_slow_seconds)
    guard = StandingGuard(pool, changes, flags, metrics, watch)

    async def look() -> None:
        if services.steering.leaders.elsewhere(GUARD, worker) is None:
            await guard.look()

    yield "guard", settings.guard_look_seconds, look
    yield "restore", RESTORE_SECONDS, upkeep.led(Restorer(RestoreStore(pool), metrics.restored_users).look)

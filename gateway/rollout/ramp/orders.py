"""What a person may tell a ramp: start, pause, resume, abort. Each is written into the rollout's history."""

from dataclasses import replace

from flags.change.errors import ControlError
from gateway.database.pool import Pool
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By
from gateway.rollout.processes.live import NotEverywhere, lacking
from gateway.rollout.ramp.plan import Plan, Ramp, RampError, first_step
from gateway.rollout.ramp.store import change, find_latest, hold, insert, latest, note_change


class RampOrders:
    """Raises RampError, the ControlErrors of the flags, and psycopg's errors.

    `expected`: the version of the ramp (`Ramp.version`) for which an order is given; if it is another one by then,
    nothing is done (RampError).
    """

    def __init__(self, pool: Pool, changes: RolloutChanges) -> None:
        self._pool = pool
        self._changes = changes

    async def start(self, plan: Plan, by: By, *, expected: str | None = None) -> Ramp:
        """Store the plan; a worker takes the first step. Refused: steps below the present dial, and a version that a
        live process cannot run."""
        plan.check()
        plan = replace(plan, pipeline=self._changes.version(plan.pipeline))
        dial = await self._dial(plan)
        if plan.steps[0] < dial:
            raise RampError(f"the dial is at {dial:g} %: a ramp never lowers it, so leave out the steps below")
        async with self._pool.connection() as connection, connection.transaction():
            if found := await lacking(connection, str(plan.pipeline)):
                raise RampError(str(NotEverywhere(str(plan.pipeline), found)).partition(";")[0])
            if expected is not None:
                check_expected(await find_latest(connection), expected)
            ramp = await insert(connection, plan, by, step=0, dial=dial)
            steps = ", ".join(f"{step:g}" for step in plan.steps)
            await note_change(connection, by, ramp, "started", steps=steps, hold_seconds=plan.hold_seconds)
        return ramp

    async def pause(self, by: By, *, expected: str | None = None) -> Ramp:
        """Keep the dial where it is. The guard goes on guarding."""
        return await self._tell(by, "pause", "paused", expected, note=f"paused by {by.actor}")

    async def resume(self, by: By, *, expected: str | None = None) -> Ramp:
        """Go on from where the dial is now; the step's time and evidence begin anew."""
        dial = await self._dial(self._active(await latest(self._pool)).plan)
        async with self._pool.connection() as connection, connection.transaction():
            ramp = self._expected(await hold(connection), expected)
            step = first_step(ramp.plan.steps, dial)
            if not await change(connection, "resume", ramp, step=step, dial=dial):
                raise RampError(f"the ramp is {ramp.state}, not paused")
            await note_change(connection, by, ramp, "running")
        return await self._latest()

    async def abort(self, by: By, *, off: bool = False, expected: str | None = None) -> Ramp:
        """End the ramp. The dial stays where it is, unless `off` turns the flag off too."""
        ramp = await self._tell(by, "end", "aborted", expected, state="aborted", note=f"aborted by {by.actor}")
        if off:
            try:
                await self._changes.make(by, lambda control: control.turn_off(ramp.plan.pipeline))
            except ControlError as error:
                raise RampError(
                    f"the ramp is aborted, but the flag is as it was: {error}; `gateway rollout off --local` rolls "
                    "back without the flag server"
                ) from error
        return ramp

    async def _tell(self, by: By, statement: str, becomes: str, expected: str | None, **values: str) -> Ramp:
        async with self._pool.connection() as connection, connection.transaction():
            ramp = self._expected(await hold(connection), expected)
            if not await change(connection, statement, ramp, **values):
                raise RampError(f"the ramp is {ramp.state} already")
            await note_change(connection, by, ramp, becomes)
        return await self._latest()

    async def _dial(self, plan: Plan) -> float:
        rollout = await self._changes.read()
        return rollout.of(plan.pipeline or rollout.candidate).dial

    @staticmethod
    def _active(ramp: Ramp | None) -> Ramp:
        if ramp is None:
            raise RampError("there is no active ramp")
        return ramp

    def _expected(self, ramp: Ramp | None, expected: str | None) -> Ramp:
        """The active ramp, which is held, if it is the one that whoever gives the order has seen."""
        if expected is not None:
            check_expected(ramp, expected)
        return self._active(ramp)

    async def _latest(self) -> Ramp:
        return self._active(await latest(self._pool))


def check_expected(ramp: Ramp | None, expected: str) -> None:
    """Raises RampError. `none` stands for: there has been no ramp."""
    now = "none" if ramp is None else ramp.version
    if now != expected:
        said = "no ramp is active" if ramp is None else f"ramp {ramp.id} is {ramp.state}, at {ramp.target:g} %"
        raise RampError(f"the ramp is not as you saw it ({expected}): {said} now; look at it, then try again")

"""What the dial's form does: through the one way in which the rollout is changed, for the rollout that was seen."""

from dataclasses import dataclass

from flags.control import FlagControl
from flags.model import Pipeline, Rollout
from gateway.rollout.changes import Made
from gateway.rollout.history import By
from gateway.rollout.override import lift_override, throw_override
from gateway.rollout.processes.reach import Reaches, nobody_more, raised_to, shared_out, switched_on
from gateway.services import Services
from gateway.web.console.pages.now.dial.form import Wanted, set_share


@dataclass(frozen=True, slots=True)
class Turn:
    """What is set, of what was seen."""

    wanted: Wanted
    rollout: Rollout  # as it was seen last
    turns_on: bool = False  # the only candidate's flag, which is off, goes on with it

    async def __call__(self, control: FlagControl) -> Rollout:
        """Raises a ControlError: Conflict, if the rollout is another than the form was filled in for."""
        changed, version = self.wanted.changed(self.rollout), self.wanted.seen or None
        after: Rollout | None = None
        if len(self.rollout.ladder) == 1:
            for pipeline, percent in changed.items():
                after = await control.set_percent(percent, version, pipeline=pipeline)
        elif changed:
            after = await control.set_shares(changed, version)
        if self.wanted.shadow is not None:
            after = await control.set_shadow(self.wanted.shadow, version if after is None else after.version)
        if self.turns_on:
            (pipeline,) = (one.pipeline for one in self.rollout.ladder)
            after = await control.turn_on(version if after is None else after.version, pipeline=pipeline)
        return await control.read() if after is None else after


async def turn_dial(services: Services, by: By, turn: Turn) -> Made:
    """Set what was typed. Raises ControlError: Conflict, NotEverywhere, InvalidChange, ControlUnavailable."""
    changed = turn.wanted.changed(turn.rollout)
    reaches: Reaches = nobody_more
    if len(turn.rollout.ladder) > 1:
        reaches = shared_out(changed)
    elif turn.turns_on or changed:
        (pipeline,) = (one.pipeline for one in turn.rollout.ladder)
        reaches = raised_to(changed.get(pipeline, set_share(turn.rollout, pipeline)), pipeline)
    made = await services.steering.changes.make(by, turn, about=next(iter(changed), None), reaches=reaches)
    await services.flags.refresh()
    return made


async def turn_on(services: Services, by: By, pipeline: Pipeline, seen: str) -> Made:
    """A version's flag on again, at the share that was kept. Raises ControlError."""
    made = await services.steering.changes.make(
        by,
        lambda control: control.turn_on(seen or None, pipeline=pipeline),
        about=pipeline,
        reaches=switched_on(pipeline),
    )
    await services.flags.refresh()
    return made


async def override(services: Services, by: By, *, on: bool) -> None:
    """Everybody to the base by a row of the database, or no more. Raises psycopg's errors."""
    await (throw_override if on else lift_override)(services.database.pool, by)
    await services.steering.watch.look()

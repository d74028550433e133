"""A run under way, and the reasons for which it is stopped from outside."""

import asyncio
import time
from dataclasses import dataclass
from enum import Enum

from gateway.jobs.model import Claim
from pipelines.contract import Cause, Memory


class Interrupt(Enum):
    """Why a run is stopped from outside."""

    CANCEL = "cancelled"
    DRAIN = "the worker stops"
    LOST = "the claim is lost"
    RESTART = "the flag sends the user to another pipeline"


class Interrupted(Exception):
    """Raised at a step's edge, or in place of the cancellation that an interrupt causes."""

    def __init__(self, why: Interrupt) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(slots=True, eq=False)
class Running:
    """A run under way."""

    claim: Claim
    read_at: float = 0.0  # when its job was read, on the monotonic clock
    task: "asyncio.Task[None] | None" = None
    interrupt: Interrupt | None = None
    before_next_step: Interrupt | None = None
    began: float = 0.0  # on the monotonic clock, as the two below
    beat: float = 0.0  # its last sign of life
    rolled_back: float | None = None  # since when the flag keeps its pipeline from its user
    cause: Cause | None = None  # whose fault it is, once it has failed
    known: Memory | None = None  # what it was given of earlier imports

    def stop(self, why: Interrupt) -> None:
        """Stop it at its next await. A run that is already being stopped keeps its first reason."""
        if self.interrupt is None and self.task is not None:
            self.interrupt = why
            self.task.cancel()

    def note_life(self) -> None:
        """It has done something."""
        self.beat = time.monotonic()

    def check(self) -> None:
        """Called before each step that has to run."""
        if self.before_next_step is not None:
            raise Interrupted(self.before_next_step)

"""What a fleet takes of its database, its disk and its flag server, from what each part of it was measured to take.

Pure: known costs give known answers. Everything is taken to be proportional, which a run at twice the size checks.
"""

from dataclasses import dataclass
from typing import Final

FLAG_LEADER_POLLS: Final = 1.0  # a second; one process asks so often
FLAG_OTHER_POLLS: Final = 1 / 15  # a second, each other process


@dataclass(frozen=True, slots=True)
class Costs:
    """What one part takes, measured. Of Postgres: `cores` are its processes' seconds of processor time a second."""

    idle_cores: float  # a worker that waits, scraped
    accept_cores: float  # an accept a second
    idle_wal: float  # bytes a second, a worker
    accept_wal: float  # bytes
    accept_stored: float  # bytes of a job's row and its indexes; the queue's entry goes when the job ends
    worker_connections: int
    api_connections: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """`accepts` a second, in all."""

    workers: int
    apis: int
    accepts: float

    @property
    def processes(self) -> int:
        """Of both kinds."""
        return self.workers + self.apis


@dataclass(frozen=True, slots=True)
class Limits:
    """What there is of each resource."""

    connections: float
    cores: float  # of Postgres' machine
    wal: float  # bytes a second that the disk takes
    polls: float  # a second, of the flag server
    stored: float  # bytes of disk
    kept_seconds: float  # how long a finished job's rows are kept


@dataclass(frozen=True, slots=True)
class Demand:
    """What a fleet takes of each resource, in the units of `Limits`; `upkeep` is the idle part of `cores`."""

    connections: float
    cores: float
    upkeep: float
    wal: float
    polls: float
    stored: float


def demand(costs: Costs, fleet: Fleet, kept_seconds: float) -> Demand:
    """Of one fleet. `stored` is what stands once as much is swept as comes."""
    upkeep = costs.idle_cores * fleet.workers
    return Demand(
        connections=costs.worker_connections * fleet.workers + costs.api_connections * fleet.apis,
        cores=upkeep + costs.accept_cores * fleet.accepts,
        upkeep=upkeep,
        wal=costs.idle_wal * fleet.workers + costs.accept_wal * fleet.accepts,
        polls=FLAG_LEADER_POLLS + FLAG_OTHER_POLLS * max(0, fleet.processes - 1),
        stored=costs.accept_stored * fleet.accepts * kept_seconds,
    )


def shares(taken: Demand, limits: Limits) -> dict[str, float]:
    """How much of each resource is taken, the fullest first; above 1, there is not enough of it."""
    of = {
        "connections": taken.connections / limits.connections,
        "processor of Postgres": taken.cores / limits.cores,
        "upkeep alone": taken.upkeep / limits.cores,
        "log to the disk": taken.wal / limits.wal,
        "polls of the flag server": taken.polls / limits.polls,
        "storage": taken.stored / limits.stored,
    }
    return dict(sorted(of.items(), key=lambda one: -one[1]))


def error(predicted: float, found: float) -> float:
    """By how much of what was found the prediction is off; negative: less was predicted."""
    return (predicted - found) / found

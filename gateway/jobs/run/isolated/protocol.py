"""What a worker and the process of a run say to each other: frames of MessagePack over one socket."""

from typing import Any, Literal

import msgspec

from gateway.language.remote import RemoteEngine
from pipelines.contract import Cause, ImportRequest, Soulprint

HEADER = 4  # bytes, big-endian length
NO_MEMORY = 77  # exit status of a process that may have no more memory, and so cannot be sure to say so
MAX_FRAME = 256 * 1024 * 1024  # bytes; a process that says more than this at once is ended


class Limits(msgspec.Struct, frozen=True):
    """What one job may take of the machine. Memory: of each of its processes, and of all together. Disk: of each file,
    and of all that is in its folder."""

    memory_mb: int
    cpu_seconds: float
    disk_mb: int


class Task(msgspec.Struct, frozen=True):
    """All that a run is given. There is no address and no key in it."""

    pipeline: bytes  # pickled: a function by its name
    request: ImportRequest
    folder: str  # private, removed afterwards
    limits: Limits
    network: bool  # whether it may open connections of its own
    engine: RemoteEngine | None = None  # None: the embedded rules, in the process itself
    fact_concurrency: int = 3
    chunk_limit: int = 300
    compute_processes: int = 1


class Failure(msgspec.Struct, frozen=True):
    """An error on its way to the other side. `kind` says which class it is there, `cause` whose fault it is."""

    kind: Literal["pipeline", "export", "memory", "unexpected"]
    message: str
    retryable: bool = False
    cause: Cause = "pipeline"
    needs_operator: bool = False
    trace: str = ""  # of what nobody expected


class Call(msgspec.Struct, frozen=True, tag="call"):
    """A port that the worker is asked to use. Each call is answered by a `Reply` with its number.

    `step`: the call `run_step` during whose work it is made, if it is made during one.
    """

    id: int
    method: str
    arguments: msgspec.Raw
    step: int | None = None


class Worked(msgspec.Struct, frozen=True, tag="worked"):
    """The work of a step is done: its result as JSON, None when it failed. `id` is that of the call `run_step`."""

    id: int
    payload: str | None


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The last frame: what the pipeline returned."""

    result: Soulprint


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The last frame of a run that failed."""

    failure: Failure


class Reply(msgspec.Struct, frozen=True):
    """The answer to a call: `begin` (do the step's work now), a value, or a failure."""

    id: int
    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    failure: Failure | None = None
    begin: bool = False


Said = Call | Worked | Done | Failed


def pack(message: Any) -> bytes:
    """A message as a frame."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(HEADER, "big") + body

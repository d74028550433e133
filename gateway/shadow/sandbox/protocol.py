"""What the worker and a shadow's process say to each other: frames of MessagePack over the process's two pipes."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.language.remote import RemoteEngine
from gateway.shadow.compare.expected import Expected
from gateway.shadow.compare.model import Comparison, Failure, Outcome, WriteIntent
from pipelines.contract import ImportRequest, Memory, Soulprint, Usage

MAX_FRAME = 256 * 1024 * 1024  # bytes; a process that says more than this at once is stopped
HEADER = 4  # bytes, big-endian length


class Limits(msgspec.Struct, frozen=True):
    """What a shadow's process may take."""

    memory_bytes: int
    seconds: float  # from its start to its answer
    disk_bytes: int  # of its folder
    sink_rows: int = 5_000_000
    sink_bytes: int = 8 * 1024**3


class PrimaryRun(msgspec.Struct, frozen=True):
    """What the primary run gave and wrote, as it was kept when the job closed."""

    result: Soulprint | None = None
    error: str | None = None
    seconds: float | None = None
    chunks: int = 0
    size: int = 0  # bytes of the chunks
    deletes: tuple[str, ...] = ()  # conversations that were gone afterwards
    known: Memory = Memory()  # what was remembered of the user before it


class Before(msgspec.Struct, frozen=True):
    """Of a primary's run, what it knew of the user before."""

    known: Memory = Memory()


class Task(msgspec.Struct, frozen=True):
    """All that a shadow is given. There is no address, no key and no path outside its folder in it."""

    pipeline: str  # its name
    function: str  # module:name of its `run`
    job_id: str
    user_id: str
    storage_path: str | None
    inline: bool
    conversation_count: int | None
    message_count: int | None
    accepted_at: datetime
    folder: str  # holds `export` and the primary's run; private, removed afterwards
    primary_pipeline: str
    primary_is_one: bool  # which side of the comparison the primary run is
    keys_before: tuple[str, ...]
    limits: Limits
    engine: RemoteEngine | None = None  # None: the embedded rules, in the process itself
    fact_concurrency: int = 3
    chunk_limit: int = 300
    needs_confinement: bool = False  # whether it runs only where every restriction stands
    expected: Expected = Expected()  # what the newer of the two declares that it does otherwise
    memory: Memory = Memory()  # what the primary run knew of the user before: both sides begin with the same
    keeps: bool = False  # leave the result where a primary's is read, for a second run to be compared with

    @property
    def request(self) -> ImportRequest:
        """The request as the primary run saw it."""
        return ImportRequest(
            job_id=self.job_id,
            user_id=self.user_id,
            storage_path=self.storage_path,
            inline=self.inline,
            conversation_count=self.conversation_count,
            message_count=self.message_count,
            accepted_at=self.accepted_at,
            memory=self.memory,
        )


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A shadow's last frame: the comparison, and what its own run took."""

    comparison: Comparison
    seconds: float
    cpu_seconds: float
    usage: Usage
    failure: Failure | None = None
    retryable: bool = False  # the failure says nothing about the pipeline: a service was away
    steps: tuple[tuple[str, float], ...] = ()
    texts: tuple[str, str] = ("", "")  # the two soulprint texts, bounded, for a judge


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """The last frame of a process that hit one of its limits."""

    outcome: str
    reason: str


class Call(msgspec.Struct, frozen=True, tag="call"):
    """A language call that the worker is asked to make."""

    id: int
    method: str
    arguments: msgspec.Raw


class Reply(msgspec.Struct, frozen=True, tag="reply"):
    """The answer to a call: a value, or an error."""

    id: int
    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    error: str | None = None
    retryable: bool = False


class Held(msgspec.Struct, frozen=True, tag="held"):
    """The process goes on. Until now it stood still for so many seconds in all, while jobs of users ran."""

    seconds: float


Said = Done | Broken | Call
Heard = Reply | Held


class OverBudget(Exception):
    """Today's tokens or money for shadows are spent. Not a `PipelineError`: no pipeline may take it for its own."""


def pack(message: Any) -> bytes:
    """A message as a frame."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(HEADER, "big") + body


def outcome_of(run: PrimaryRun, pipeline: str, writes: tuple[WriteIntent, ...]) -> Outcome:
    """The primary run as one side of a comparison."""
    failure = None if run.result is not None else Failure("failed", run.error or "")
    return Outcome(pipeline, run.result, failure, writes, run.seconds or 0.0)

"""A process's own row: what it can run, and what of the rollout is in force there."""

import os
import socket
import time
import uuid
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from flags.model import FlagState, Pipeline, VersionRollout
from flags.overridable import OverridableSource
from gateway.database.pool import Connection, load_sql
from gateway.rollout.flip_clock import FlipClock

SQL = load_sql(Path(__file__).with_name("processes.sql"))
BEAT_SECONDS = 3.0


@dataclass(slots=True)
class ProcessReport:
    """Written every few seconds on the process's line, and at once when something else is in force."""

    flags: OverridableSource
    flips: FlipClock
    kind: str = "cli"
    versions: tuple[Pipeline, ...] = ()  # those that it can run
    broken: tuple[Pipeline, ...] = ()
    beat_seconds: float = BEAT_SECONDS
    listens: bool = False  # hears of changes at once
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}")
    _said: tuple[Any, ...] = ()
    _said_at: float = float("-inf")

    def runs_jobs(self) -> None:
        """A worker was begun in this process."""
        self.kind = "worker" if self.kind == "worker" else f"{self.kind}+worker"
        self.say_again()

    def say_again(self) -> None:
        """What was said last may not have arrived."""
        self._said_at = float("-inf")

    async def beat(self, connection: Connection) -> None:
        """Say it if it is time, or news. Raises psycopg.Error."""
        state = self.flags.state()
        said = (state.revision, state.healthy, state.override, state.versions.base, self.flips.seconds, self.listens)
        if said == self._said and time.monotonic() - self._said_at < self.beat_seconds:
            return
        is_first = not self._said
        await connection.execute(SQL["beat"], self._row(state))
        self._said, self._said_at = said, time.monotonic()
        if is_first:
            await connection.execute(SQL["forget_silent"])

    async def leave(self, connection: Connection) -> None:
        """This process is over. Raises psycopg.Error."""
        await connection.execute(SQL["leave"], {"name": self.name})

    def _row(self, state: FlagState) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "release": version("soulprint-gateway"),
            "beat_seconds": self.beat_seconds,
            "versions": list(self.versions),
            "broken": list(self.broken),
            "base": state.versions.base,
            "dials": Jsonb({one.pipeline: dial_of(one) for one in (state.rollout.ladder if state.rollout else ())}),
            "override": state.override is not None,
            "flags_source": state.source,
            "flags_revision": state.revision,
            "flags_age_seconds": state.age_seconds if state.known else None,
            "flags_error": state.error,
            "last_start_seconds": self.flips.seconds,
            "listens": self.listens,
        }


def dial_of(one: VersionRollout) -> dict[str, Any]:
    """What one version's flag says there: as set, in force, and for which share of a fixed sample it is on."""
    return {"percent": one.percent, "enabled": one.enabled, "dial": one.dial, "measured": one.measured}

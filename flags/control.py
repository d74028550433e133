"""Changing a rollout: the operations and their rules, over a store that keeps the flags (Unleash, or `flags.json`)."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from flags.change.edit import Edit, FlagSetting, with_percent, with_user
from flags.change.errors import InvalidChange
from flags.file.store import FileStore
from flags.model import BASELINE, V2_NAMES, FlagNames, Pipeline, Rollout
from flags.unleash.api import Endpoint
from flags.unleash.store import UnleashStore

MAX_USER_ID = 256
UNNAMEABLE = "\\"  # Unleash's engine pastes values into a rule text: one at the end, and it cannot read the whole flag


class FlagStore(Protocol):
    """Keeps the two flags where a `FlagSource` will see them. Raises ControlError."""

    async def create_missing(self) -> tuple[str, ...]:
        """Create what is missing, at 0 %; the names of what was created. Changes nothing that exists."""
        ...

    async def read(self) -> Rollout:
        """What the flags say now."""
        ...

    async def change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        """Edit one flag; what the flags say afterwards. Raises Conflict if they are not at the expected version."""
        ...

    async def last_author(self) -> str | None:
        """Who made the last change to the flags, if it is known."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class FlagControl:
    """Each method returns the rollout as it is afterwards, and raises a ControlError when nothing was changed.

    With an `expected_version` (from `read`), a change that somebody else made meanwhile is a Conflict that shows it.
    """

    def __init__(self, store: FlagStore, names: FlagNames = V2_NAMES) -> None:
        self._store = store
        self._names = names

    async def init(self) -> tuple[str, ...]:
        """Create what is missing of the two flags, at 0 %; the names of what was created."""
        return await self._store.create_missing()

    async def read(self) -> Rollout:
        """The rollout now, from where it is kept."""
        return await self._store.read()

    async def set_percent(self, percent: float, expected_version: str | None = None) -> Rollout:
        """The share of users on the candidate: 0 to 100, at most one decimal place. Does not turn the flag on."""
        check_percent(percent)

        def edit(setting: FlagSetting) -> FlagSetting:
            return replace(setting, strategies=with_percent(setting.strategies, self._names.split, percent))

        return await self._store.change(self._names.split, edit, expected_version)

    async def turn_off(self) -> Rollout:
        """Everybody on v1. Never a Conflict: a rollback goes through whatever others do."""
        return await self._store.change(self._names.split, lambda setting: replace(setting, enabled=False), None)

    async def turn_on(self, expected_version: str | None = None) -> Rollout:
        """Back to the percentage and the named users that were set."""

        def edit(setting: FlagSetting) -> FlagSetting:
            """A flag without strategies would be on for everybody: it gets one at 0 % instead."""
            strategies = setting.strategies or with_percent((), self._names.split, 0)
            return FlagSetting(enabled=True, strategies=strategies)

        return await self._store.change(self._names.split, edit, expected_version)

    async def force(self, user_id: str, pipeline: Pipeline | None, expected_version: str | None = None) -> Rollout:
        """Name a user for the candidate or v1 whatever the percentage; None lets the percentage decide again."""
        check_user(user_id)
        if pipeline not in {BASELINE, self._names.candidate, None}:
            raise InvalidChange("pipeline", f"{pipeline!r} is neither {BASELINE} nor {self._names.candidate}")

        def edit(setting: FlagSetting) -> FlagSetting:
            return replace(setting, strategies=with_user(setting.strategies, self._names.split, user_id, pipeline))

        return await self._store.change(self._names.split, edit, expected_version)

    async def set_shadow(self, percent: float, expected_version: str | None = None) -> Rollout:
        """The share of users whose imports are compared: 0 to 100, at most one decimal place. Turns its flag on."""
        check_percent(percent)

        def edit(setting: FlagSetting) -> FlagSetting:
            return FlagSetting(enabled=True, strategies=with_percent(setting.strategies, self._names.shadow, percent))

        return await self._store.change(self._names.shadow, edit, expected_version)

    async def last_author(self) -> str | None:
        """Who made the last change to the flags, as Unleash names people and tokens; None from a file."""
        return await self._store.last_author()

    async def close(self) -> None:
        """Close connections."""
        await self._store.close()


def open_control(  # noqa: PLR0913 (one keyword a setting)
    *,
    data_dir: Path,
    unleash_url: str | None = None,
    admin_token: str | None = None,
    project: str = "default",
    environment: str = "development",
    timeout_seconds: float = 5.0,
    candidate: Pipeline = "v2",
) -> FlagControl:
    """Control over what `open_source` reads with the same settings."""
    names = FlagNames(candidate)
    if unleash_url is None:
        return FlagControl(FileStore(data_dir / "flags.json", names), names)
    endpoint = Endpoint(unleash_url, admin_token or "", timeout_seconds)
    return FlagControl(UnleashStore(endpoint, project, environment, names), names)


def check_percent(percent: float) -> None:
    """Raises InvalidChange."""
    if not math.isfinite(percent) or not 0 <= percent <= 100:
        raise InvalidChange("percent", f"{percent:g} is outside 0 to 100")
    if abs(percent * 10 - round(percent * 10)) > 1e-9:
        raise InvalidChange("percent", f"{percent:g} has more than one decimal place")


def check_user(user_id: str) -> None:
    """Raises InvalidChange."""
    if not user_id.strip():
        raise InvalidChange("user_id", "is empty")
    if len(user_id) > MAX_USER_ID:
        raise InvalidChange("user_id", f"is longer than {MAX_USER_ID} characters")
    if not user_id.isprintable() or user_id != user_id.strip():
        raise InvalidChange("user_id", "holds control characters, or spaces at an end")
    if UNNAMEABLE in user_id:
        raise InvalidChange("user_id", "holds a backslash: the flag would then be off for everybody")

"""Changing a rollout: the operations and their rules, over a store that keeps the flags (Unleash, or `flags.json`)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from flags.change.edit import Edit, FlagSetting, Named, with_percent, with_user
from flags.change.errors import Conflict, InvalidChange
from flags.change.log import ChangeLog
from flags.change.put_back import PutBack
from flags.change.shares import flag_percents
from flags.file.store import FileStore
from flags.model import SHADOW_FLAG, TWO_VERSIONS, Pipeline, Rollout, Versions, flag_of, number_of
from flags.unleash.api import Endpoint
from flags.unleash.store import UnleashStore

MAX_USER_ID = 256
UNNAMEABLE = "\\"  # Unleash's engine pastes values into a rule text: one at the end, and it cannot read the whole flag


class FlagStore(Protocol):
    """Keeps the flags where a `FlagSource` will see them. Raises ControlError."""

    async def create_missing(self) -> tuple[str, ...]:
        """Create what is missing, at 0 %; the names of what was created. Changes nothing that exists."""
        ...

    async def read(self) -> Rollout:
        """What the flags say now."""
        ...

    async def change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        """Edit one flag; what the flags say afterwards. Raises Conflict if they are not at the expected version."""
        ...

    async def logged(self, since: int | None) -> ChangeLog | None:
        """The changes after a mark; without one, only where the log stands. None: no log is kept there."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class FlagControl:
    """Each method returns the rollout as it is afterwards, and raises a ControlError when nothing was changed.

    `pipeline` says whose flag is changed; without it, the candidate's. With an `expected_version` (from `read`), a
    change that somebody else made meanwhile is a Conflict that shows it.
    """

    def __init__(self, store: FlagStore, versions: Versions = TWO_VERSIONS) -> None:
        self._store = store
        self._set = self._versions = versions

    @property
    def versions(self) -> Versions:
        """Whose flags these are."""
        return self._versions

    def use_base(self, base: Pipeline | None) -> None:
        """A promoted base, or with None the one that was set: its flag, and older ones, are not asked any more."""
        self._versions = self._set.promoted_to(base)

    def check(self, pipeline: Pipeline) -> None:
        """Raises InvalidChange if that version has no flag that is asked."""
        self._flag(pipeline)

    async def init(self) -> tuple[str, ...]:
        """Create what is missing of the flags, at 0 %; the names of what was created."""
        return await self._store.create_missing()

    async def read(self) -> Rollout:
        """The rollout now, from where it is kept."""
        return replace(await self._store.read(), base=self._versions.base)

    async def set_percent(
        self, percent: float, expected_version: str | None = None, *, pipeline: Pipeline | None = None
    ) -> Rollout:
        """For which share of users a version's flag is on: 0 to 100, at most one decimal place. Does not turn it on."""
        check_percent(percent)
        flag = self._flag(pipeline)

        def edit(setting: FlagSetting) -> FlagSetting:
            return replace(setting, strategies=with_percent(setting.strategies, flag, percent))

        return await self._change(flag, edit, expected_version)

    async def set_shares(self, shares: Mapping[Pipeline, float], expected_version: str | None = None) -> Rollout:
        """Shares of all users by version; the rest gets what unnamed flags say, in the end the base.

        What goes down goes first, so that no version ever has more than it had or is to have.
        """
        for percent in shares.values():
            check_percent(percent)
        now = await self.read()
        if expected_version not in {None, now.version}:
            raise Conflict(now)
        wanted = flag_percents(now, shares)
        for version in sorted(wanted, key=lambda one: wanted[one] - now.of(one).percent):
            if wanted[version] != now.of(version).percent:
                now = await self.set_percent(wanted[version], now.version, pipeline=version)
        return now

    async def turn_off(self, pipeline: Pipeline | None = None) -> Rollout:
        """Its users get what they had before. Never a Conflict: a rollback goes through whatever others do.

        A flag that does not exist is off already.
        """
        try:
            return await self._change(self._flag(pipeline), lambda setting: replace(setting, enabled=False), None)
        except InvalidChange as error:
            if error.field != "flag":
                raise
            return await self.read()

    async def turn_on(self, expected_version: str | None = None, *, pipeline: Pipeline | None = None) -> Rollout:
        """Back to the percentage and the named users that were set."""
        flag = self._flag(pipeline)

        def edit(setting: FlagSetting) -> FlagSetting:
            """A flag without strategies would be on for everybody: it gets one at 0 % instead."""
            strategies = setting.strategies or with_percent((), flag, 0)
            return FlagSetting(enabled=True, strategies=strategies)

        return await self._change(flag, edit, expected_version)

    async def force(self, user_id: str, pipeline: Pipeline | None, expected_version: str | None = None) -> Rollout:
        """Name a user for a version or the base whatever the percentages; None lets the percentages decide again.

        The flags of newer versions leave the user out, that of the version takes the user in; older ones are not asked.
        """
        check_user(user_id)
        versions = self._versions
        if pipeline is not None and pipeline not in versions.all:
            raise InvalidChange("pipeline", f"{pipeline!r} is {none_of(versions.all)}")
        now = await self.read()
        for version in versions.ladder:
            if version not in {pipeline, versions.candidate} and not now.of(version).content:
                continue  # there is no such flag, so it is on for nobody
            named = named_for(version, pipeline)
            now = await self._change(flag_of(version), naming(user_id, version, named), expected_version)
            expected_version = None if expected_version is None else now.version
        return now

    async def put_back(
        self, back: PutBack, expected_version: str | None = None, *, pipeline: Pipeline | None = None
    ) -> Rollout:
        """Make one version's flag say again what it said before a change."""
        flag = self._flag(pipeline)
        if back.percent is not None:
            check_percent(back.percent)
        return await self._change(flag, lambda setting: back.edit(setting, flag), expected_version)

    async def set_shadow(self, percent: float, expected_version: str | None = None) -> Rollout:
        """The share of users whose imports are compared: 0 to 100, at most one decimal place. Turns its flag on."""
        check_percent(percent)

        def edit(setting: FlagSetting) -> FlagSetting:
            return FlagSetting(enabled=True, strategies=with_percent(setting.strategies, SHADOW_FLAG, percent))

        return await self._change(SHADOW_FLAG, edit, expected_version)

    async def _change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        return replace(await self._store.change(flag, edit, expected_version), base=self._versions.base)

    def _flag(self, pipeline: Pipeline | None) -> str:
        """Raises InvalidChange if that version has none."""
        version = pipeline or self._versions.candidate
        if version == self._versions.base != self._set.base:
            raise InvalidChange(
                "pipeline", f"{version} is the base, so its flag is not asked: `gateway rollout demote` comes first"
            )
        if version not in self._versions.ladder:
            known = ", ".join(self._versions.ladder) or "there is none"
            raise InvalidChange("pipeline", f"{version!r} is no version with a flag that is asked; there are: {known}")
        return flag_of(version)

    async def logged(self, since: int | None = None) -> ChangeLog | None:
        """The changes after a mark, with their authors as Unleash names people and tokens; None from a file."""
        return await self._store.logged(since)

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
    versions: Versions = TWO_VERSIONS,
) -> FlagControl:
    """Control over what `open_source` reads with the same settings."""
    if unleash_url is None:
        return FlagControl(FileStore(data_dir / "flags.json", versions), versions)
    endpoint = Endpoint(unleash_url, admin_token or "", timeout_seconds)
    return FlagControl(UnleashStore(endpoint, project, environment, versions), versions)


def named_for(version: Pipeline, wanted: Pipeline | None) -> Named | None:
    """What one flag says of a user who is to get a version."""
    if wanted is None or number_of(wanted) > number_of(version):
        return None
    return "in" if wanted == version else "out"


def naming(user_id: str, version: Pipeline, named: Named | None) -> Edit:
    """The edit that names a user in one flag."""

    def edit(setting: FlagSetting) -> FlagSetting:
        return replace(setting, strategies=with_user(setting.strategies, flag_of(version), user_id, named))

    return edit


def none_of(versions: Sequence[Pipeline]) -> str:
    """`neither v1 nor v2`, `none of v1, v2, v3`."""
    return f"neither {' nor '.join(versions)}" if len(versions) == 2 else f"none of {', '.join(versions)}"


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

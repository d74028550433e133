"""Where flags are kept that do not answer, or answer with a failure."""

import asyncio
from dataclasses import dataclass, field

from flags.change.edit import Edit
from flags.change.errors import ControlUnavailable
from flags.change.log import ChangeLog
from flags.control import FlagControl
from flags.file.store import FileStore
from flags.model import Rollout


@dataclass
class UnsteadyStore:
    """A `FlagStore` over the file. `frozen`: takes requests, and never answers; `down`: refuses them."""

    store: FileStore
    down: bool = False
    thaw: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.thaw.set()

    async def _answer(self) -> None:
        if self.down:
            raise ControlUnavailable("Unleash does not answer")
        await self.thaw.wait()

    async def create_missing(self) -> tuple[str, ...]:
        return await self.store.create_missing()

    async def read(self) -> Rollout:
        await self._answer()
        return await self.store.read()

    async def change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        await self._answer()
        return await self.store.change(flag, edit, expected_version)

    async def logged(self, since: int | None) -> ChangeLog | None:
        return None

    async def close(self) -> None:
        await self.store.close()


def unsteady_control(control: FlagControl, store: UnsteadyStore) -> FlagControl:
    """The same flags, kept where it is not sure that somebody answers."""
    return FlagControl(store, control.versions)

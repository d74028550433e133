"""The invented users of a rehearsal: their ids, and their exports put where the gateway reads them."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.cli.rehearsal.invented_users.chatgpt import Export
from gateway.exports import ExportStore


@dataclass(frozen=True, slots=True)
class Upload:
    """One invented user, their stored export and what it holds."""

    user_id: str
    storage_path: str
    export: Export


@dataclass(slots=True)
class Cast:
    """Hands out users, each with one of a handful of exports."""

    store: ExportStore
    exports: Sequence[Export]
    files: Sequence[Path]
    users: Iterator[str]
    handed_out: int = 0

    async def next(self, count: int) -> list[Upload]:
        """`count` new users with their exports in place."""
        return [await self._place(next(self.users)) for _ in range(count)]

    async def again(self, uploads: Sequence[Upload]) -> list[Upload]:
        """The same users, each with one more export."""
        return [await self._place(upload.user_id) for upload in uploads]

    async def _place(self, user_id: str) -> Upload:
        which = self.handed_out % len(self.exports)
        self.handed_out += 1
        storage_path = f"user-imports/{user_id}/raw-{self.handed_out}.json"
        await self.store.put(storage_path, self.files[which])
        return Upload(user_id, storage_path, self.exports[which])


def make_user_ids(seed: int) -> Iterator[str]:
    """Version-4 UUIDs, the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311  invented people, no secrets
    while True:
        yield str(uuid.UUID(int=rng.getrandbits(128), version=4))


def write_files(exports: Sequence[Export], folder: Path) -> list[Path]:
    """The exports as files, to be put into a store from."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, export in enumerate(exports):
        path = folder / f"export-{number:02}.json"
        path.write_bytes(export.body)
        files.append(path)
    return files

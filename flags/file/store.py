"""Keeps the flags in `flags.json`: one writer at a time, replaced whole, everything in it that is not ours kept."""

import asyncio
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flags.change.edit import Edit, FlagSetting
from flags.change.errors import Conflict, ControlUnavailable, InvalidChange
from flags.document.defaults import default_document
from flags.document.document import BadDocument, FlagDocument, Json, read_document
from flags.evaluate.decider import read_rollout
from flags.file.first_file import write_defaults
from flags.last_known.backup import write_whole
from flags.model import Rollout, Versions


class FileStore:
    """A `FlagStore` over the file that a `FileSource` watches."""

    def __init__(self, path: Path, versions: Versions) -> None:
        self._path = path
        self._versions = versions

    async def create_missing(self) -> tuple[str, ...]:
        """Write the file, or add the flags that it lacks."""
        return await asyncio.to_thread(self._create_missing)

    async def read(self) -> Rollout:
        """Read the file."""
        return await asyncio.to_thread(lambda: self._rollout(self._load()))

    async def change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        """Edit one flag of the file."""
        return await asyncio.to_thread(self._change, flag, edit, expected_version)

    async def logged(self, since: int | None) -> None:  # noqa: ARG002 - as the protocol has it
        """A file does not say."""
        return

    async def close(self) -> None:
        """Nothing is open."""

    def _change(self, flag: str, edit: Edit, expected_version: str | None) -> Rollout:
        with self._locked():
            document = self._load()
            current = self._rollout(document)
            if expected_version not in {None, current.version}:
                raise Conflict(current)
            feature = _feature(document, flag, self._read(document).broken.get(flag))
            setting = edit(FlagSetting(feature["enabled"], tuple(feature.get("strategies") or ())))
            feature |= {"enabled": setting.enabled, "strategies": list(setting.strategies)}
            self._save(document)
            return self._rollout(document)

    def _create_missing(self) -> tuple[str, ...]:
        with self._locked():
            if write_defaults(self._path, self._versions):
                return self._versions.flags
            document = self._load()
            present = {feature.get("name") for feature in document["features"] if isinstance(feature, dict)}
            missing = [
                feature for feature in default_document(self._versions)["features"] if feature["name"] not in present
            ]
            if missing:
                document["features"] += missing
                self._save(document)
            return tuple(feature["name"] for feature in missing)

    def _load(self) -> Json:
        try:
            body = self._path.read_bytes()
            read_document(body)
            document: dict[str, Any] = json.loads(body)
        except OSError as error:
            raise ControlUnavailable(f"{self._path.name}: {error.strerror}") from error
        except BadDocument as error:
            raise ControlUnavailable(f"{self._path.name} is broken, mend it first: {error}") from error
        return document

    def _save(self, document: Json) -> None:
        try:
            write_whole(self._path, json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise ControlUnavailable(f"{self._path.name}: {error.strerror}") from error

    def _rollout(self, document: Json) -> Rollout:
        return read_rollout(self._read(document))

    def _read(self, document: Json) -> FlagDocument:
        return read_document(json.dumps(document).encode(), self._versions)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other gateway processes out; an editor is only kept from reading half a file."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = self._path.with_name(f".{self._path.name}.lock").open("w")
        except OSError as error:
            raise ControlUnavailable(f"{self._path.name}: {error.strerror}") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _feature(document: Json, flag: str, broken: str | None) -> Json:
    if broken is not None:
        raise ControlUnavailable(f"{broken}: mend it first")
    for feature in document["features"]:
        if isinstance(feature, dict) and feature.get("name") == flag:
            found: Json = feature
            return found
    raise InvalidChange("flag", f"{flag} does not exist; `gateway flags init` creates it")

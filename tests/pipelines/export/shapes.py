"""Small exports in the shapes of the real ones, and the shortest way to read them."""

import gzip
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import Conversation
from pipelines.export import ExportError, Limits, read_export


def message(role: str = "user", text: Any = "hello", time: Any = 1_700_000_000.0, **fields: Any) -> dict[str, Any]:
    """A ChatGPT message; `fields` replace or add any of its fields."""
    content = {"content_type": "text", "parts": [text]}
    return {"author": {"role": role}, "create_time": time, "content": content, "weight": 1.0, "metadata": {}} | fields


def chain(*messages: dict[str, Any] | None, **fields: Any) -> dict[str, Any]:
    """A conversation whose messages follow one another: nodes n0, n1, ..., the last one current."""
    mapping = {
        f"n{n}": {"id": f"n{n}", "message": item, "parent": f"n{n - 1}" if n else None, "children": [f"n{n + 1}"]}
        for n, item in enumerate(messages)
    }
    return conversation(mapping, f"n{len(messages) - 1}", **fields)


def conversation(mapping: Any, current: Any = None, **fields: Any) -> dict[str, Any]:
    """A conversation with the given tree."""
    return {"id": "c1", "title": "A title", "create_time": 1.7e9, "mapping": mapping, "current_node": current} | fields


def talk(ident: str, text: str = "hello") -> dict[str, Any]:
    """The smallest real conversation, named."""
    return chain(message(text=text), id=ident)


def read(path: Path, limits: Limits | None = None) -> list[Conversation]:
    """All conversations of the file."""
    return list(read_export(path, limits or Limits()))


def read_bytes(folder: Path, data: bytes, limits: Limits | None = None) -> list[Conversation]:
    """All conversations of a file with these bytes."""
    path = folder / "export"
    path.write_bytes(data)
    return read(path, limits)


def read_json(folder: Path, *elements: Any) -> list[Conversation]:
    """All conversations of an array of these elements."""
    return read_bytes(folder, json.dumps(elements).encode())


def texts(found: Conversation) -> list[str]:
    """What is said in a conversation, in order."""
    return [item.text for item in found.messages]


def zipped(folder: Path, members: Mapping[str, bytes | str]) -> Path:
    """A ZIP file with these members."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def gzipped(folder: Path, data: bytes) -> Path:
    """A gzip file with this content."""
    path = folder / "export.json.gz"
    path.write_bytes(gzip.compress(data))
    return path


def assert_refused(path: Path, reason: str, limits: Limits | None = None) -> None:
    """The file is refused for good, with this reason."""
    with pytest.raises(ExportError, match=reason) as failure:
        read(path, limits)
    assert not failure.value.retryable


def assert_bytes_refused(folder: Path, data: bytes, reason: str, limits: Limits | None = None) -> None:
    """A file with these bytes is refused for good, with this reason."""
    path = folder / "export"
    path.write_bytes(data)
    assert_refused(path, reason, limits)

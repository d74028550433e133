"""Results of paid work as they are kept, and the versions that say which input and which engine made them."""

import zlib
from typing import Any

import msgspec

from pipelines.contract import Fact, Usage


class Reduced(msgspec.Struct, frozen=True):
    """Facts merged and ranked by a language engine."""

    facts: tuple[Fact, ...]
    usage: Usage = Usage()


class Written(msgspec.Struct, frozen=True):
    """A text by a language engine."""

    text: str
    usage: Usage = Usage()


class Section(msgspec.Struct, frozen=True):
    """One section's fields by a language engine."""

    fields: dict[str, Any]
    usage: Usage = Usage()


def version_of(*inputs: Any) -> int:
    """A step's version: a fingerprint of its input, 31 bits. A step that is stored is used again only for the very same
    input, so an export or an engine that changed between two attempts can never leave a hole in the result."""
    return zlib.crc32(msgspec.msgpack.encode(inputs)) & 0x7FFF_FFFF

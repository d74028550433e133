"""Which storage paths are accepted, and whose they are. Nothing is looked up."""

import re
import unicodedata
from typing import Final, NamedTuple
from uuid import UUID

from gateway.config.ownership import Ownership
from gateway.exports.errors import StoragePathError

_LONGEST_PATH: Final = 1024  # bytes, as Supabase Storage has it
_LONGEST_SEGMENT: Final = 255  # bytes, as file systems have it
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# What nearly every path looks like, decided in one go: the accept path pays for each character otherwise.
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199})+")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_USER_BUCKETS: Final = frozenset({"user-imports", "user-exports"})
APP_BUCKETS: Final = frozenset({*_USER_BUCKETS, "imports"})  # where the app keeps exports


class ExportPath(NamedTuple):
    """`bucket/key`, checked: every segment is a plain name."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def segments(self) -> tuple[str, ...]:
        return (self.bucket, *self.key.split("/"))


def check_storage_path(path: str) -> ExportPath:
    """Split `bucket/rest/of/path`; raises `StoragePathError`, saying why, for anything but plain names."""
    plain = len(path) <= _LONGEST_PATH and _PLAIN.fullmatch(path)
    if not plain and (problem := _problem(path)):
        raise StoragePathError(f"storage_path {problem}; expected bucket/folder/file")
    bucket, _, key = path.partition("/")
    return ExportPath(bucket, key)


def owner_of(path: ExportPath) -> str | None:
    """The user that the path names: the first folder of a user bucket, or of any bucket when it is a UUID."""
    first, slash, _ = path.key.partition("/")
    if slash and (path.bucket in _USER_BUCKETS or _is_uuid(first)):
        return first
    return None


def belongs_to(path: ExportPath, user_id: str) -> bool:
    """Does the path name this user, or nobody? UUIDs are the same in upper and in lower case."""
    owner = owner_of(path)
    return owner is None or owner == user_id or (owner.lower() == user_id.lower() and _is_uuid(owner))


def is_refused(path: ExportPath, user_id: str, rule: Ownership) -> bool:
    """Is a path that does not belong to this user refused?

    `uuid` refuses where both are UUIDs, as they are in production: a mistake or an attack. Other names are those of
    tests and tools, whose folders need not be called after their users.
    """
    if rule == "strict":
        return True
    owner = owner_of(path)
    return rule == "uuid" and owner is not None and _is_uuid(owner) and _is_uuid(user_id)


def _problem(path: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in path):
        return "holds control characters"
    if len(path.encode()) > _LONGEST_PATH:
        return f"is longer than {_LONGEST_PATH} bytes"
    if "\\" in path:
        return "holds a backslash"
    if _ENCODED.search(path):
        return "holds percent-encoded characters"
    segments = path.split("/")
    if len(segments) < 2:
        return "names no bucket"
    return _segments_problem(segments)


def _segments_problem(segments: list[str]) -> str:
    if "" in segments:
        return "is absolute or has an empty part"
    if any(segment.strip(" .") == "" for segment in segments):
        return "has a part of dots or blanks"
    if any(len(segment.encode()) > _LONGEST_SEGMENT for segment in segments):
        return f"has a part longer than {_LONGEST_SEGMENT} bytes"
    if not _BUCKET.fullmatch(segments[0]):
        return "names no valid bucket"
    return ""


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False

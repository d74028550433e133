"""The JSON texts inside an export file: the file itself, what a gzip file holds, or the right files of a ZIP.

Compressed data is unpacked into a nameless temporary file, so that no name from an archive ever reaches the disk.
"""

import errno
import gzip
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from pipelines.contract import ExportError
from pipelines.export.archive.zip_directory import check_directory, check_overlap
from pipelines.export.limits import MIB, Limits

# "conversations (1).json" is what a browser or a disk makes of a second copy.
_WANTED: Final = re.compile(r"conversations(?:[-_ ]?(\d{1,6}))?(?: ?\(\d{1,3}\))?\.json", re.IGNORECASE)
_ONE_EACH: Final = re.compile(r"(?:.*/)?(?:conversations|chats)/[^/]+\.json", re.IGNORECASE)
_KINDS: Final = (
    (b"\xff\xfe", "UTF-16 text"), (b"\xfe\xff", "UTF-16 text"), (b"%PDF", "a PDF"), (b"<", "a web page"),
    (b"7z\xbc\xaf", "a 7-Zip archive"), (b"Rar!", "a RAR archive"), (b"\xfd7zXZ", "an XZ file"),
    (b"BZh", "a bzip2 file"), (b"\x28\xb5\x2f\xfd", "a Zstandard file"), (b"\x89PNG", "an image"),
)  # fmt: skip
# What `zipfile` raises for damaged archives, beside OSError for places that no file has.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Part:
    """One JSON text of the export; `name` is for messages only."""

    file: BinaryIO
    name: str


class NoConversationsError(ExportError):
    """An archive without a file that the reader wants."""


@dataclass(slots=True)
class Totals:
    """What all that is unpacked of one export may still take, and what it was packed in."""

    packed: int  # bytes of the file itself
    left: int  # bytes
    names: int


def parts(path: Path, limits: Limits, workdir: Path | None) -> Iterator[Part]:
    """Each JSON text, `conversations.json` first, then the numbered ones; asking for the next closes the last."""
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(0)
        totals = Totals(path.stat().st_size, limits.total_bytes, limits.members)
        if head.startswith(_ZIP):
            yield from _zip_parts(file, limits, workdir, totals)
        elif head.startswith(_GZIP):
            yield from _gzip_part(file, limits, workdir, totals)
        else:
            _check_kind(head, "This file")
            if totals.packed > limits.total_bytes:
                raise _too_big(limits)
            yield Part(file, "the export")


def _gzip_part(file: BinaryIO, limits: Limits, workdir: Path | None, totals: Totals) -> Iterator[Part]:
    with tempfile.TemporaryFile(dir=workdir) as unpacked:
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                _copy(stream, unpacked, totals.packed, limits, totals)
        except (OSError, EOFError, zlib.error) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk, not the data
            raise ExportError("The gzip file is damaged or cut off. Please upload it again.") from None
        _check_unpacked(unpacked, "The gzip file")
        yield Part(unpacked, "the export")


def _zip_parts(
    file: BinaryIO, limits: Limits, workdir: Path | None, totals: Totals, *, inner: bool = False
) -> Iterator[Part]:
    check_directory(file, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive, limits, totals)
            archives = [] if members or inner else _archives_in(archive)
            if not members and not archives:
                raise NoConversationsError(f"The ZIP file holds no conversations.json. {_inside(archive)}")
            check_overlap(archive.infolist(), archive.start_dir)
            for member in members:
                with tempfile.TemporaryFile(dir=workdir) as unpacked:
                    _unpack(archive, member, unpacked, limits, totals)
                    _check_unpacked(unpacked, "conversations.json in the ZIP file")
                    yield Part(unpacked, Path(member.filename).name)
            if archives:
                yield from _inner_parts(archive, archives, limits, workdir, totals)
    except _DAMAGE as error:
        raise ExportError(f"The ZIP file is damaged or of an unknown kind ({error}).") from None
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise  # the disk, not the data
        raise ExportError("The ZIP file is damaged. Please upload it again.") from None


def _inner_parts(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    limits: Limits,
    workdir: Path | None,
    totals: Totals,
) -> Iterator[Part]:
    """The parts of the archives in an archive, one level deep, within the same totals. Those without any are left."""
    found = False
    for member in members:
        with tempfile.TemporaryFile(dir=workdir) as unpacked:
            _unpack(archive, member, unpacked, limits, totals)
            unpacked.seek(0)
            if not unpacked.read(4).startswith(_ZIP):
                continue
            try:
                for part in _zip_parts(unpacked, limits, workdir, totals, inner=True):
                    found = True
                    yield part
            except NoConversationsError:
                continue
    if not found:
        raise NoConversationsError("The ZIP file holds other archives, and none of them a conversations.json.")


def _members(archive: zipfile.ZipFile, limits: Limits, totals: Totals) -> list[zipfile.ZipInfo]:
    found: list[tuple[int, str, zipfile.ZipInfo]] = []
    totals.names -= len(archive.infolist())
    if totals.names < 0:
        raise ExportError(f"The ZIP file holds more than {limits.members:,} files; no real export does.")
    for member in archive.infolist():
        match = _WANTED.fullmatch(_name(member))
        if match and "__MACOSX" not in member.filename:
            found.append((int(match[1] or -1), member.filename, member))
    if not found:  # a file a conversation
        apart = (member for member in archive.infolist() if _ONE_EACH.fullmatch(member.filename.replace("\\", "/")))
        found = [(0, member.filename, member) for member in apart if "__MACOSX" not in member.filename]
    found.sort(key=lambda entry: entry[:2])
    return [member for _, _, member in found]


def _archives_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The ZIP files in it: so the export comes from OpenAI's portal for privacy."""
    found = [member for member in archive.infolist() if _name(member).lower().endswith(".zip")]
    return sorted(found, key=lambda member: member.filename)


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/").rpartition("/")[2]


def _inside(archive: zipfile.ZipFile) -> str:
    names = [ascii(member.filename)[1:-1][:60] for member in archive.infolist()[:5]]
    if not names:
        return "It is empty."
    if any(name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")) for name in names):
        return "It holds another archive: please upload that one."
    return f"It holds: {', '.join(names)}."


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: IO[bytes], limits: Limits, totals: Totals) -> None:
    if member.flag_bits & 1:
        raise ExportError("The ZIP file is protected by a password; please upload it without one.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others may ask for gigabytes
        raise ExportError("The ZIP file is compressed in an unknown way; please compress it again.")
    with archive.open(member) as stream:
        _copy(stream, to, min(member.compress_size, totals.packed), limits, totals)
    _check_ratio(limits.total_bytes - totals.left, totals.packed, limits)


def _copy(source: IO[bytes] | gzip.GzipFile, to: IO[bytes], packed: int, limits: Limits, totals: Totals) -> None:
    """Unpack until the end or a limit; what is announced in headers is not believed, only what comes out.

    Blocks of zeros are left out of the file, which has holes there: it takes no more of the disk than it says.
    """
    size = 0
    while block := source.read(MIB):
        size += len(block)
        totals.left -= len(block)
        if totals.left < 0:
            raise _too_big(limits)
        _check_ratio(size, packed, limits)
        if block.count(0) == len(block):
            to.seek(len(block), os.SEEK_CUR)
        else:
            to.write(block)
    to.truncate(size)
    to.flush()


def _check_ratio(size: int, packed: int, limits: Limits) -> None:
    if size > limits.ratio_from and size > limits.ratio * max(packed, 1):
        raise ExportError(f"The archive unpacks to more than {limits.ratio} times its size; no real export does.")


def _check_unpacked(unpacked: IO[bytes], what: str) -> None:
    unpacked.seek(0)
    head = unpacked.read(8)
    unpacked.seek(0)
    if head.startswith((*_ZIP, _GZIP)):
        raise ExportError(f"{what} holds another archive; please upload the inner one.")
    _check_kind(head, what)


def _check_kind(head: bytes, what: str) -> None:
    for magic, kind in _KINDS:
        if head.startswith(magic):
            raise ExportError(f"{what} is {kind}; expected ChatGPT's conversations.json, or the ZIP file with it.")


def _too_big(limits: Limits) -> ExportError:
    return ExportError(f"The export is larger than {limits.total_bytes / 1024**3:.3g} GiB.")

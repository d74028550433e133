"""The JSON texts inside an export file: the file itself, what a gzip file holds, or the right files of a ZIP.

Compressed data is unpacked into a nameless temporary file, so that no name from an archive ever reaches the disk.
"""

import errno
import gzip
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

_WANTED: Final = re.compile(r"conversations([-_ ]?(\d{1,6}))?\.json", re.IGNORECASE)
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


def parts(path: Path, limits: Limits, workdir: Path | None) -> Iterator[Part]:
    """Each JSON text, `conversations.json` first, then the numbered ones; asking for the next closes the last."""
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(0)
        if head.startswith(_ZIP):
            yield from _zip_parts(file, limits, workdir)
        elif head.startswith(_GZIP):
            yield from _gzip_part(file, limits, workdir)
        else:
            _check_kind(head, "This file")
            if path.stat().st_size > limits.total_bytes:
                raise _too_big(limits)
            yield Part(file, "the export")


def _gzip_part(file: BinaryIO, limits: Limits, workdir: Path | None) -> Iterator[Part]:
    size = Path(file.name).stat().st_size
    with tempfile.TemporaryFile(dir=workdir) as unpacked:
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                _copy(stream, unpacked, size, limits.total_bytes, limits)
        except (OSError, EOFError, zlib.error) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk, not the data
            raise ExportError("The gzip file is damaged or cut off. Please upload it again.") from None
        _check_unpacked(unpacked, "The gzip file")
        yield Part(unpacked, "the export")


def _zip_parts(file: BinaryIO, limits: Limits, workdir: Path | None) -> Iterator[Part]:
    check_directory(file, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive, limits)
            check_overlap(archive.infolist(), archive.start_dir)
            packed, left = Path(file.name).stat().st_size, limits.total_bytes
            for member in members:
                with tempfile.TemporaryFile(dir=workdir) as unpacked:
                    left -= _unpack(archive, member, unpacked, left, limits)
                    _check_ratio(limits.total_bytes - left, packed, limits)
                    yield Part(unpacked, Path(member.filename).name)
    except _DAMAGE as error:
        raise ExportError(f"The ZIP file is damaged or of an unknown kind ({error}).") from None
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise  # the disk, not the data
        raise ExportError("The ZIP file is damaged. Please upload it again.") from None


def _members(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    found: list[tuple[int, str, zipfile.ZipInfo]] = []
    for member in archive.infolist():
        name = member.filename.replace("\\", "/").rpartition("/")[2]
        match = _WANTED.fullmatch(name)
        if match and "__MACOSX" not in member.filename:
            found.append((int(match[2] or -1), member.filename, member))
    if len(archive.infolist()) > limits.members:
        raise ExportError(f"The ZIP file holds more than {limits.members:,} files; no real export does.")
    if not found:
        raise ExportError(f"The ZIP file holds no conversations.json. {_inside(archive)}")
    found.sort(key=lambda entry: entry[:2])
    return [member for _, _, member in found]


def _inside(archive: zipfile.ZipFile) -> str:
    names = [ascii(member.filename)[1:-1][:60] for member in archive.infolist()[:5]]
    if not names:
        return "It is empty."
    if any(name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")) for name in names):
        return "It holds another archive: please upload that one."
    return f"It holds: {', '.join(names)}."


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: IO[bytes], left: int, limits: Limits) -> int:
    packed = Path(str(archive.filename)).stat().st_size
    if member.flag_bits & 1:
        raise ExportError("The ZIP file is protected by a password; please upload it without one.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others may ask for gigabytes
        raise ExportError("The ZIP file is compressed in an unknown way; please compress it again.")
    with archive.open(member) as stream:
        size = _copy(stream, to, min(member.compress_size, packed), left, limits)
    _check_unpacked(to, "conversations.json in the ZIP file")
    return size


def _copy(source: IO[bytes] | gzip.GzipFile, to: IO[bytes], packed: int, left: int, limits: Limits) -> int:
    """Unpack until the end or a limit; what is announced in headers is not believed, only what comes out."""
    size = 0
    while block := source.read(MIB):
        size += len(block)
        if size > left:
            raise _too_big(limits)
        _check_ratio(size, packed, limits)
        to.write(block)
    to.flush()
    return size


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

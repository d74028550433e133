"""What a ZIP's table of contents claims: how big it is, before `zipfile` loads it whole, and what lies where."""

import os
import struct
from collections.abc import Iterable
from typing import BinaryIO, Final
from zipfile import ZipInfo

from pipelines.contract import ExportError
from pipelines.export.limits import Limits

OVERLAP: Final = "The ZIP file is damaged: files in it overlap. Please compress it again."
_END: Final = struct.Struct("<4s4H2LH")  # signature, 2 disks, entries here, entries, size, offset, comment length
_LOCATOR: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCAL_HEADER: Final = 30  # bytes of it, before the name
_SEARCHED: Final = _END.size + 65_535  # a comment may follow the end record


def check_directory(file: BinaryIO, limits: Limits) -> None:
    """Raise `ExportError` when the table is missing, or larger than `limits.directory_bytes`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _SEARCHED))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise ExportError("The ZIP file is cut off: its table of contents is missing. Please upload it again.")
    directory = int(_END.unpack_from(tail, at)[5])
    directory = max(directory, _zip64_size(file, size - len(tail) + at))
    file.seek(0)
    if directory > limits.directory_bytes:
        raise ExportError("The ZIP file lists far more files than a real export holds.")


def check_overlap(members: Iterable[ZipInfo], directory_at: int) -> None:
    """Raise `ExportError` when two entries share bytes of the file, or one reaches into the table itself.

    Each entry would be unpacked for itself: so a small file becomes a huge export.
    """
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise ExportError(OVERLAP)
        end = member.header_offset + _LOCAL_HEADER + member.compress_size
    if end > directory_at:
        raise ExportError(OVERLAP)


def _zip64_size(file: BinaryIO, end: int) -> int:
    if end < _LOCATOR.size:
        return 0
    file.seek(end - _LOCATOR.size)
    signature, _, offset, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if signature != b"PK\x06\x07":
        return 0
    # zipfile takes the record to be right before the locator, wherever the locator points
    sizes = [_record_size(file, place) for place in (offset, end - _LOCATOR.size - _END64.size)]
    return max(sizes)


def _record_size(file: BinaryIO, place: int) -> int:
    if not 0 <= place < 1 << 62:
        return 0
    file.seek(place)
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        return 0
    return int(_END64.unpack(record)[8])

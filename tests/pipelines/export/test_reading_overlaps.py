"""ZIP files whose entries lie over one another: refused before anything is unpacked, however little each unpacks to."""

import io
import json
import struct
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.export import ExportError, Limits
from pipelines.export.archive.zip_directory import check_overlap
from tests.pipelines.export.shapes import assert_bytes_refused, read_bytes, talk

ENTRY, OFFSET_AT, SIZE_AT = b"PK\x01\x02", 42, 20  # of an entry of the table: its mark, and where two of its fields are
KIB = 1024


def shards(count: int, compression: int = zipfile.ZIP_DEFLATED, padding: int = 0) -> bytes:
    """An export in parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for n in range(count):
            archive.writestr(f"conversations-{n:03}.json", json.dumps([talk(str(n))]) + " " * padding)
        archive.mkdir("pictures")
    return buffer.getvalue()


def entries(data: bytes) -> list[int]:
    """Where the entries of the table begin."""
    found, at = [], data.find(ENTRY)
    while at >= 0:
        found.append(at)
        at = data.find(ENTRY, at + 1)
    return found


def set_field(data: bytes, at: int, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<L", changed, at, value)
    return bytes(changed)


def lengthen(data: bytes, entry: int, more: int) -> bytes:
    size = struct.unpack_from("<L", data, entry + SIZE_AT)[0]
    return set_field(data, entry + SIZE_AT, size + more)


def test_many_entries_over_one_file_are_refused(tmp_path: Path) -> None:
    data = shards(16)
    for entry in entries(data)[1:16]:
        data = set_field(data, entry + OFFSET_AT, 0)
    assert_bytes_refused(tmp_path, data, "overlap")


def test_one_entry_around_others_is_refused(tmp_path: Path) -> None:
    data = shards(3, zipfile.ZIP_STORED)
    assert_bytes_refused(tmp_path, lengthen(data, entries(data)[0], 200), "overlap")


def test_an_entry_that_reaches_into_the_table_is_refused(tmp_path: Path) -> None:
    data = shards(2, zipfile.ZIP_STORED)
    assert_bytes_refused(tmp_path, lengthen(data, entries(data)[2], 200), "overlap")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_whole_export_in_parts_is_read(tmp_path: Path, compression: int) -> None:
    assert len(read_bytes(tmp_path, shards(16, compression))) == 16


def test_the_ratio_is_that_of_all_parts_together(tmp_path: Path) -> None:
    data = shards(40, padding=40 * KIB)  # each far below the ratio and what it begins from
    assert len(read_bytes(tmp_path, data)) == 40
    assert_bytes_refused(tmp_path, data, "50 times its size", Limits(ratio_from=64 * KIB, ratio=50))


PLACES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=12)


@given(PLACES, st.integers(0, 30_000))
def test_two_entries_overlap_exactly_when_they_share_a_byte(places: list[tuple[int, int]], table_at: int) -> None:
    members = []
    for offset, size in places:
        member = zipfile.ZipInfo("conversations.json")
        member.header_offset, member.compress_size = offset, size
        members.append(member)
    spans = sorted((offset, offset + 30 + size) for offset, size in places)
    apart = all(end <= begin for (_, end), (begin, _) in pairwise(spans))
    if apart and all(end <= table_at for _, end in spans):
        check_overlap(members, table_at)
    else:
        with pytest.raises(ExportError, match="overlap"):
            check_overlap(members, table_at)

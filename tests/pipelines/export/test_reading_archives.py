"""Archives that are damaged or made to do harm: refused with a reason, within the limits, and never by their names."""

import gzip
import io
import json
import os
import struct
import zipfile
from pathlib import Path

import pytest

from pipelines.export import Limits, read_export
from pipelines.export.archive.archive import parts
from tests.pipelines.export.shapes import assert_bytes_refused, assert_refused, gzipped, read_bytes, talk, zipped

ARRAY = json.dumps([talk("a"), talk("b")]).encode()
KIB = 1024


def test_a_gzip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    limits = Limits(ratio_from=KIB * 64, ratio=100)
    assert_refused(gzipped(tmp_path, b"[" + b" " * 10_000_000), "100 times its size", limits)


def test_an_archive_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(total_bytes=KIB)
    data = json.dumps([talk(str(n)) for n in range(50)]).encode()
    assert_bytes_refused(tmp_path, data, "larger than", limits)
    assert_refused(gzipped(tmp_path, data), "larger than", limits)
    shards = {f"conversations-{n}.json": json.dumps([talk(str(n))]) for n in range(50)}
    assert_refused(zipped(tmp_path, shards), "larger than", limits)


def test_a_zip_bomb_is_refused_whatever_its_headers_say(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"conversations.json": b"[" + b" " * 10_000_000})
    limits = Limits(ratio_from=KIB * 64, ratio=100)
    assert_refused(path, "100 times its size", limits)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, entry + 20, 2_000_000_000)  # "this was two gigabytes before"
    path.write_bytes(data)
    assert_refused(path, "100 times its size|damaged", limits)


def test_a_zip_with_too_many_files_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {f"{n}.json": "{}" for n in range(100)})
    assert_refused(path, "more than 99 files", Limits(members=99))
    assert_refused(path, "far more files", Limits(directory_bytes=KIB))


def test_a_zip64_table_of_contents_is_measured_too(tmp_path: Path) -> None:
    size = 4_000_000_000
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert_bytes_refused(tmp_path, b"PK\x03\x04" + end64 + locator + end, "far more files")


@pytest.mark.parametrize("inner", [gzip.compress(ARRAY), b"PK\x03\x04 and so on"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, inner: bytes) -> None:
    assert_refused(gzipped(tmp_path, inner), "another archive")
    assert_refused(zipped(tmp_path, {"conversations.json": inner}), "another archive")
    assert_refused(zipped(tmp_path, {"inner.zip": inner}), "other archives|cut off")


def test_a_zip_without_conversations_says_what_it_holds(tmp_path: Path) -> None:
    assert_refused(
        zipped(tmp_path, {"user.json": "{}", "a\x1b[31m.txt": ""}), r"no conversations\.json\. It holds: user\.json, a"
    )
    assert_refused(zipped(tmp_path, {}), "It is empty")


def test_names_with_tricks_never_reach_the_disk(tmp_path: Path) -> None:
    work = tmp_path / "deep" / "work"
    work.mkdir(parents=True)
    names = [
        "../conversations.json",
        "/tmp/conversations-1.json",
        "..\\..\\conversations-2.json",
        "a/../../conversations-3.json",
    ]
    path = zipped(tmp_path, {name: json.dumps([talk(name)]) for name in names} | {"../evil.json": "x"})
    reading = read_export(path, workdir=work)
    first = next(reading)
    assert list(work.iterdir()) == [], "unpacked data has no name"
    assert {first.id, *(c.id for c in reading)} == set(names)
    assert {p.name for p in tmp_path.rglob("*")} == {"deep", "work", "export.zip"}


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    data = json.dumps([talk(str(n), f"{n * 7919}") for n in range(300)]).encode()
    for path in (gzipped(tmp_path, data), zipped(tmp_path, {"conversations.json": data})):
        whole = path.read_bytes()
        for length in (5, 12, 40, len(whole) // 2, len(whole) - 1):
            assert_bytes_refused(tmp_path, whole[:length], "damaged|cut off")
        broken = whole[:100] + bytes([whole[100] ^ 0xFF]) + whole[101:]
        assert_bytes_refused(tmp_path, broken, "damaged|cut off|JSON")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"conversations.json": ARRAY})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert_refused(path, "password")


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("conversations.json", ARRAY)
    data = bytearray(buffer.getvalue())
    struct.pack_into("<H", data, 8, 99)
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 10, 99)
    assert_bytes_refused(tmp_path, bytes(data), "an unknown way")


def test_elements_are_counted_over_all_parts(tmp_path: Path) -> None:
    shards = {f"conversations-{n}.json": "[0, 0, 0]" for n in range(4)}
    assert_refused(zipped(tmp_path, shards | {"conversations.json": ARRAY}), "more than 9", Limits(elements=9))


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_zips_in_a_zip_are_read_one_level_deep(tmp_path: Path) -> None:
    inner = [packed({"conversations.json": json.dumps([talk(name)]).encode()}) for name in "ab"]
    outer = packed(
        {"Conversations_1.zip": inner[0], "x/Conversations_2.ZIP": inner[1], "Media.zip": packed({"a": b""})}
    )
    assert [found.id for found in read_bytes(tmp_path, outer)] == ["a", "b"]
    assert_bytes_refused(tmp_path, packed({"deeper.zip": outer}), "none of them")


def test_zips_in_a_zip_share_their_limits(tmp_path: Path) -> None:
    inner = packed({f"conversations-{n}.json": json.dumps([talk(str(n))]).encode() for n in range(8)})
    outer = packed({"1.zip": inner, "2.zip": inner})
    assert_bytes_refused(tmp_path, outer, "more than 17 files", Limits(members=17))
    assert_bytes_refused(tmp_path, outer, "larger than", Limits(total_bytes=2 * len(inner)))
    bomb = packed({"1.zip": packed({"conversations.json": b"[" + b" " * 10_000_000})})
    assert_bytes_refused(tmp_path, bomb, "100 times its size", Limits(ratio_from=KIB * 64, ratio=100))


def test_a_wrong_checksum_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path, {"conversations.json": ARRAY}).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 16] ^= 0xFF
    assert_bytes_refused(tmp_path, bytes(data), "Bad CRC-32 for file 'conversations.json'")


def test_zeros_take_no_room_on_the_disk(tmp_path: Path) -> None:
    size = 32 * 1024 * KIB
    path = zipped(tmp_path, {"conversations.json": ARRAY + bytes(size)})
    found = parts(path, Limits(ratio=10_000), tmp_path)
    status = os.fstat(next(found).file.fileno())
    assert status.st_size == len(ARRAY) + size
    assert status.st_blocks * 512 < size // 8

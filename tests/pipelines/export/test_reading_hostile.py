"""Damaged and hostile exports: read as far as honest, else refused with a reason, always within the limits."""

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.export import ExportError, Limits, read_export
from tests.pipelines.export.shapes import chain, conversation, gzipped, message, read, read_bytes, talk, texts, zipped

ARRAY = json.dumps([talk("a", "caf\u00e9 \U0001f600"), talk("b")], ensure_ascii=False).encode()
KIB = 1024


def refused(path: Path, reason: str, limits: Limits | None = None) -> None:
    with pytest.raises(ExportError, match=reason) as failure:
        read(path, limits)
    assert not failure.value.retryable


def refused_bytes(folder: Path, data: bytes, reason: str, limits: Limits | None = None) -> None:
    path = folder / "export"
    path.write_bytes(data)
    refused(path, reason, limits)


@pytest.mark.parametrize("wrap", [b"%s", b'{"conversations": %s}'])
def test_cut_off_anywhere_is_a_failure(tmp_path: Path, wrap: bytes) -> None:
    whole = wrap % ARRAY
    for length in range(1, len(whole)):
        with pytest.raises(ExportError):
            read_bytes(tmp_path, whole[:length])


def test_cut_off_gives_what_came_before_and_then_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(ARRAY[:-20])
    reading = read_export(path)
    assert next(reading).id == "a"
    with pytest.raises(
        ExportError, match=f"cut off: it ends at byte {len(ARRAY) - 20}, .*byte {ARRAY.index(b', {', 100) + 2}"
    ):
        next(reading)


LOOSE = [
    pytest.param(b'"n": NaN, "m": [Infinity, -Infinity]', id="not a number"),
    pytest.param(b'"s": "\\ud83d", "t": "\\udc00\\ud83d"', id="half surrogate pairs"),
    pytest.param(b'"\\ud83d": {"\\ud83d": 1}', id="half a surrogate pair in a name"),
    pytest.param(b'"s": "a\x01\x1f\tb\nc"', id="raw control characters"),
    pytest.param(b'"title": "a\xff\xfe\xc3("', id="broken UTF-8"),
    pytest.param(b'"title": "\xed\xa0\x80"', id="an encoded surrogate"),
    pytest.param(b'"n": 1' + b"0" * 5000, id="a number of 5,000 digits"),
    pytest.param(b'"n": 1e999, "create_time": 1e999', id="a number out of range"),
    pytest.param(b'"id": "x", "id": "y", "mapping": null, "mapping": []', id="duplicate names"),
]


@pytest.mark.parametrize("odd", LOOSE)
@pytest.mark.parametrize("fast", [True, False], ids=["at once", "message by message"])
def test_loose_json_is_read(tmp_path: Path, odd: bytes, fast: bool) -> None:
    element = json.dumps(talk("odd")).encode()
    element = b"{" + odd + b", " + element[1:]
    limits = Limits() if fast else Limits(whole_bytes=64)
    found = read_bytes(
        tmp_path, b"[%s, %s, %s]" % (b'{"id": "1", "title": "t"}', element, b'{"id": "3", "title": "t"}'), limits
    )
    assert [c.id for c in found] == ["1", "odd", "3"]
    assert texts(found[1]) == ["hello"]


@pytest.mark.parametrize("odd", LOOSE)
def test_loose_json_in_a_message_is_read(tmp_path: Path, odd: bytes) -> None:
    element = json.dumps(chain(message(text="one"), message(text="two"))).encode()
    element = element.replace(b'{"author"', b"{" + odd + b', "author"')
    for limits in (Limits(), Limits(whole_bytes=64)):
        assert texts(read_bytes(tmp_path, b"[%s]" % element, limits)[0]) == ["one", "two"]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a": 1} {"b": 2}]', b'[{"a" 1}]', b'[{"a": 1]]', b"[}", b'{"a": }', b'{"a": 1 "b": 2}', b"[{'a': 1}]",
        b"{a: 1}",
        b'[{"mapping": {"n": {"message": tru}}}]',
        b"[nul]", b"[1 2]", b"{]", b'{"conversations": [}', ARRAY + b"x", ARRAY + ARRAY,
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ExportError):
        read_bytes(tmp_path, data)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"mapping":', b'[{"id": "x", "title": ', b'{"conversations":['])
def test_nested_without_end_is_refused(tmp_path: Path, opening: bytes) -> None:
    with pytest.raises(ExportError):
        read_bytes(tmp_path, opening * 100_000)


def test_a_deeply_nested_element_is_refused(tmp_path: Path) -> None:
    deep = b"[" * 5000 + b"]" * 5000
    refused_bytes(tmp_path, b"[%s, %s" % (deep, ARRAY[1:]), "nested too deeply")
    refused_bytes(tmp_path, b'[{"id": "a", "title": "t", "content": %s}]' % deep, "nested too deeply")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"), (b"<html><body>", "a web page"), ("[]".encode("utf-16"), "UTF-16"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a", "RAR"), (b"\xfd7zXZ\x00", "XZ"), (b"\x89PNG\r\n", "an image"),
        (b"Dear Sir", "begins with 'Dear Sir'"),
    ],
)  # fmt: skip
def test_a_foreign_file_is_named(tmp_path: Path, data: bytes, what: str) -> None:
    refused_bytes(tmp_path, data, what)
    refused(zipped(tmp_path, {"conversations.json": data}), what)


def test_an_odd_conversation_does_not_cost_the_others(tmp_path: Path) -> None:
    odd: list[Any] = [
        {"id": "x", "title": {}, "mapping": 3},
        {"mapping": {"a": [1]}},
        {"messages": {"a": 1}},
        {"chat_messages": "x"},
    ]
    found = read_bytes(tmp_path, json.dumps([*odd, talk("good")]).encode())
    assert found[-1].id == "good"
    assert len(found) == 5


# Sizes


def test_a_gzip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    limits = Limits(ratio_from=KIB * 64, ratio=100)
    refused(gzipped(tmp_path, b"[" + b" " * 10_000_000), "100 times its size", limits)


def test_an_archive_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(total_bytes=KIB)
    data = json.dumps([talk(str(n)) for n in range(50)]).encode()
    refused_bytes(tmp_path, data, "larger than", limits)
    refused(gzipped(tmp_path, data), "larger than", limits)
    shards = {f"conversations-{n}.json": json.dumps([talk(str(n))]) for n in range(50)}
    refused(zipped(tmp_path, shards), "larger than", limits)


def test_a_zip_bomb_is_refused_whatever_its_headers_say(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"conversations.json": b"[" + b" " * 10_000_000})
    limits = Limits(ratio_from=KIB * 64, ratio=100)
    refused(path, "100 times its size", limits)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, entry + 20, 2_000_000_000)  # "this was two gigabytes before"
    path.write_bytes(data)
    refused(path, "100 times its size|damaged", limits)


def test_a_zip_with_too_many_files_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {f"{n}.json": "{}" for n in range(100)})
    refused(path, "more than 99 files", Limits(members=99))
    refused(path, "far more files", Limits(directory_bytes=KIB))


def test_a_zip64_table_of_contents_is_measured_too(tmp_path: Path) -> None:
    size = 4_000_000_000
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    refused_bytes(tmp_path, b"PK\x03\x04" + end64 + locator + end, "far more files")


@pytest.mark.parametrize("inner", [gzip.compress(ARRAY), b"PK\x03\x04 and so on"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, inner: bytes) -> None:
    refused(gzipped(tmp_path, inner), "another archive")
    refused(zipped(tmp_path, {"conversations.json": inner}), "another archive")
    refused(zipped(tmp_path, {"inner.zip": inner}), "another archive")


def test_a_zip_without_conversations_says_what_it_holds(tmp_path: Path) -> None:
    refused(
        zipped(tmp_path, {"user.json": "{}", "a\x1b[31m.txt": ""}), r"no conversations\.json\. It holds: user\.json, a"
    )
    refused(zipped(tmp_path, {}), "It is empty")


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
            refused_bytes(tmp_path, whole[:length], "damaged|cut off")
        broken = whole[:100] + bytes([whole[100] ^ 0xFF]) + whole[101:]
        refused_bytes(tmp_path, broken, "damaged|cut off|JSON")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"conversations.json": ARRAY})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused(path, "password")


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("conversations.json", ARRAY)
    data = bytearray(buffer.getvalue())
    struct.pack_into("<H", data, 8, 99)
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 10, 99)
    refused_bytes(tmp_path, bytes(data), "an unknown way")


def test_too_many_conversations_are_refused(tmp_path: Path) -> None:
    limits = Limits(elements=2)
    refused_bytes(tmp_path, json.dumps([talk(str(n)) for n in range(3)]).encode(), "more than 2 conversations", limits)
    refused_bytes(tmp_path, b"[0, 0, 0]", "more than 2 conversations", limits)
    shards = {f"conversations-{n}.json": json.dumps([talk(f"{n}x"), talk(f"{n}y")]) for n in range(2)}
    refused(zipped(tmp_path, shards), "more than 2 conversations", limits)


def test_too_many_messages_in_one_conversation_are_refused(tmp_path: Path) -> None:
    whole = json.dumps([chain(*(message() for _ in range(9)))]).encode()
    refused_bytes(tmp_path, whole, "more than 8 messages", Limits(nodes=8, whole_bytes=64))


@pytest.mark.parametrize("flat", [True, False])
def test_a_message_that_is_too_large_is_dropped_and_the_rest_kept(tmp_path: Path, flat: bool) -> None:
    said = [message(text="before"), message(text="x" * 300_000), message(text="after")]
    found = {"id": "f", "messages": said} if flat else chain(*said)
    limits = Limits(whole_bytes=KIB, message_bytes=100 * KIB, window_bytes=16 * KIB)
    whole = json.dumps([found, talk("last")]).encode()
    (first, last) = read_bytes(tmp_path, whole, limits)
    assert (texts(first), last.id) == (["before", "after"], "last")


def test_a_large_message_of_plain_text_is_read_and_one_of_structure_dropped(tmp_path: Path) -> None:
    limits = Limits(whole_bytes=KIB, structured_bytes=KIB, tolerant_bytes=KIB)
    odd = message(text="y", content={"content_type": "text", "parts": [[["y"] * 1000]]})
    whole = json.dumps([chain(message(text="x" * 5000), message("assistant", "\u00e9" * 5000), odd)]).encode()
    assert texts(read_bytes(tmp_path, whole, limits)[0]) == ["x" * 5000, "\u00e9" * 5000]


def test_large_foreign_values_are_passed_over(tmp_path: Path) -> None:
    junk = {"deep": [{"a": ["x" * 5000] * 40}] * 3, "text": "y" * 100_000}
    whole = json.dumps(
        {"junk": junk, "conversations": [junk, [junk], conversation({}) | {"junk": junk}, talk("a")]}
    ).encode()
    limits = Limits(window_bytes=8 * KIB, whole_bytes=4 * KIB, message_bytes=200 * KIB)
    assert [c.id for c in read_bytes(tmp_path, whole, limits)] == ["c1", "a"]


def test_large_values_nested_without_end_are_refused(tmp_path: Path) -> None:
    junk: Any = "x" * 20_000
    for _ in range(100):
        junk = [junk]
    limits = Limits(window_bytes=8 * KIB, whole_bytes=4 * KIB)
    refused_bytes(tmp_path, json.dumps([junk]).encode(), "nested too deeply", limits)

"""Damaged and hostile exports: read as far as honest, else refused with a reason, always within the limits."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.export import ExportError, Limits, read_export
from tests.pipelines.export.shapes import (
    assert_bytes_refused,
    assert_refused,
    chain,
    conversation,
    message,
    read_bytes,
    talk,
    texts,
    zipped,
)

ARRAY = json.dumps([talk("a", "caf\u00e9 \U0001f600"), talk("b")], ensure_ascii=False).encode()
KIB = 1024


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
    deep = b"[" * 100_000 + b"]" * 100_000  # newer Pythons follow some thousands
    assert_bytes_refused(tmp_path, b"[%s, %s" % (deep, ARRAY[1:]), "nested too deeply")
    assert_bytes_refused(tmp_path, b'[{"id": "a", "title": "t", "content": %s}]' % deep, "nested too deeply")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"), (b"<html><body>", "a web page"), ("[]".encode("utf-16"), "UTF-16"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a", "RAR"), (b"\xfd7zXZ\x00", "XZ"), (b"\x89PNG\r\n", "an image"),
        (b"Dear Sir", "begins with 'Dear Sir'"),
    ],
)  # fmt: skip
def test_a_foreign_file_is_named(tmp_path: Path, data: bytes, what: str) -> None:
    assert_bytes_refused(tmp_path, data, what)
    assert_refused(zipped(tmp_path, {"conversations.json": data}), what)


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


def test_too_many_conversations_are_refused(tmp_path: Path) -> None:
    limits = Limits(elements=2)
    assert_bytes_refused(
        tmp_path, json.dumps([talk(str(n)) for n in range(3)]).encode(), "more than 2 conversations", limits
    )
    assert_bytes_refused(tmp_path, b"[0, 0, 0]", "more than 2 conversations", limits)
    shards = {f"conversations-{n}.json": json.dumps([talk(f"{n}x"), talk(f"{n}y")]) for n in range(2)}
    assert_refused(zipped(tmp_path, shards), "more than 2 conversations", limits)


def test_too_many_messages_in_one_conversation_are_refused(tmp_path: Path) -> None:
    whole = json.dumps([chain(*(message() for _ in range(9)))]).encode()
    assert_bytes_refused(tmp_path, whole, "more than 8 messages", Limits(nodes=8, whole_bytes=64))


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
    assert_bytes_refused(tmp_path, json.dumps([junk]).encode(), "nested too deeply", limits)

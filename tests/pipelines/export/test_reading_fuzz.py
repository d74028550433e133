"""Whatever the bytes: conversations or an `ExportError`, never another error, never without an end."""

import gzip
import io
import json
import math
import os
import random
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contract import Conversation
from pipelines.export import ExportError, Limits
from pipelines.export.json_text.tolerant import loose_end
from tests.amount import amount
from tests.pipelines.export.shapes import chain, message, read_bytes, talk


def fuzz(examples: int) -> settings:
    """The one folder of a test serves all its examples: each overwrites the file."""
    suppressed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=amount(examples // 2, 5 * examples), suppress_health_check=suppressed, deadline=None)


# As they are, and so small that every path for large pieces is taken.
LIMITS = st.sampled_from(
    [
        Limits(),
        Limits(window_bytes=4096, whole_bytes=16, message_bytes=200, structured_bytes=100, tolerant_bytes=150),
        Limits(window_bytes=4096, whole_bytes=64, tolerant_bytes=64, total_bytes=100_000),
    ]
)

huge = st.integers(20, 4_000).map(lambda digits: 10**digits)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), huge, st.floats(), st.text(max_size=8))
names = st.sampled_from(
    [
        "id", "title", "mapping", "messages", "chat_messages", "responses", "response", "conversation", "current_node",
        "message", "parent", "children", "content", "content_type", "parts", "text", "thoughts", "author", "role",
        "metadata", "user_context_message_data", "weight", "recipient", "create_time", "$date", "conversations", "n0",
    ]
)  # fmt: skip
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5))


def survives(folder: Path, data: bytes, limits: Limits) -> list[Conversation]:
    try:
        found = read_bytes(folder, data, limits)
    except ExportError:
        return []
    assert found, "success with nothing read"
    for conversation in found:
        check(conversation)
    return found


def check(conversation: Conversation) -> None:
    """What everybody behind the reader relies on."""
    assert conversation.id
    assert conversation.time is None or (math.isfinite(conversation.time) and conversation.time > 0)
    texts = [conversation.id, conversation.title]
    for item in conversation.messages + conversation.notes:
        assert item.text.strip()
        assert item.role in ("user", "assistant", "system", "tool")
        texts += [item.id, item.text, item.kind]
    for text in texts:
        assert "\x00" not in text
        text.encode()


@fuzz(150)
@given(anything, LIMITS)
def test_any_json(tmp_path: Path, value: Any, limits: Limits) -> None:
    survives(tmp_path, json.dumps(value).encode(), limits)


@fuzz(150)
@given(
    st.lists(st.dictionaries(names, anything, min_size=1, max_size=5), min_size=1, max_size=4), LIMITS, st.booleans()
)
def test_any_elements(tmp_path: Path, elements: list[Any], limits: Limits, ascii_only: bool) -> None:
    data = json.dumps([talk("good"), *elements], ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    survives(tmp_path, data, limits)


SEEDS = [
    json.dumps([chain(message(text="caf\u00e9 \U0001f600"), message("assistant", "x"), id="a"), talk("b")]).encode(),
    json.dumps({"conversations": [chain(message(), None, message("tool", "y"))]}, ensure_ascii=False).encode(),
    json.dumps([{"uuid": "u", "chat_messages": [{"sender": "human", "text": "hi"}]}], indent=1).encode(),
]
JUNK = st.sampled_from(
    [b"", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\x00", b"\xff", b"NaN", b"\\ud800", b"null"]
)
edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), JUNK | st.binary(max_size=4)), min_size=1, max_size=4)


def edited(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, junk in changes:
        at = int(where * len(data))
        data = data[:at] + junk + data[at + length :]
    return data


@fuzz(300)
@given(st.sampled_from(SEEDS), edits, LIMITS)
def test_edited_exports(tmp_path: Path, seed: bytes, changes: list[tuple[float, int, bytes]], limits: Limits) -> None:
    survives(tmp_path, edited(seed, changes), limits)


def packed() -> list[bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", SEEDS[0])
        archive.writestr("a/conversations-001.json", SEEDS[1])
    return [buffer.getvalue(), gzip.compress(SEEDS[0])]


@fuzz(200)
@given(st.sampled_from(packed()), edits, LIMITS)
def test_edited_archives(tmp_path: Path, seed: bytes, changes: list[tuple[float, int, bytes]], limits: Limits) -> None:
    survives(tmp_path, edited(seed, changes), limits)


@fuzz(100)
@given(st.binary(max_size=200), st.sampled_from([b"", b"[", b"{", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xef\xbb\xbf"]))
def test_any_bytes(tmp_path: Path, data: bytes, start: bytes) -> None:
    survives(tmp_path, start + data, Limits())


@fuzz(100)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.booleans())
def test_every_reading_of_the_same_export_agrees(tmp_path: Path, said: list[str], ascii_only: bool) -> None:
    element = chain(*(message(text=text) for text in said), id="a")
    data = json.dumps([element, talk("b")], ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    whole = read_bytes(tmp_path, data)
    assert whole == read_bytes(tmp_path, data, Limits(window_bytes=4096, whole_bytes=16))
    assert whole == read_bytes(tmp_path, data[:-1] + b', {"odd": NaN}]')
    expected = [text.replace("\x00", "") for text in said if text.replace("\x00", "").strip()]
    assert [item.text for item in whole[0].messages] == expected


@settings(max_examples=amount(100, 1_000))
@given(
    anything.filter(lambda value: isinstance(value, dict | list)), st.sampled_from([b"", b",", b"]", b' , {"a": 1}'])
)
def test_a_loose_end_is_the_end(value: Any, after: bytes) -> None:
    data = json.dumps(value).encode()
    assert loose_end(memoryview(data + after)) == len(data)
    for length in range(0, len(data), 1 + len(data) // 200):  # each is read from its start
        assert loose_end(memoryview(data[:length])) is None


@pytest.mark.parametrize(
    "unit", [b" ", b"[", b"]", b"{", b'"', b",", b"0,", b"[],", b'{"a":', b"\\", b'"\\', b"{},", b'"a":0,']
)
def test_long_repetitions_end(tmp_path: Path, unit: bytes) -> None:
    for opening in (b"", b"[", b'{"a": ', b"{", b'[{"mapping": {', b'[{"messages": ['):
        with pytest.raises(ExportError):
            read_bytes(
                tmp_path,
                opening + unit * (amount(50_000, 200_000) // len(unit)),
                Limits(window_bytes=4096, whole_bytes=4096),
            )


def drawn(draw: random.Random) -> bytes:
    """An export, packed or not, with odd numbers in it, entries over one another, or other damage."""
    number = draw.choice(["9" * draw.randint(1, 6000), "-1", "1e400", "true", "[]", '"x"', "null", "0", "253402300800"])
    field = draw.choice(
        ["create_time", "update_time", "id", "title", "weight", "parent", "current_node", "role", "parts"]
    )
    element = json.dumps(chain(message(**{field: "@"}), message(), id="a") | {field: "@"}).replace('"@"', number)
    data = f"[{element}, {json.dumps(talk('b'))}]".encode()
    if draw.random() < 0.6:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", draw.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
            for n in range(draw.randint(1, 5)):
                archive.writestr(draw.choice([f"conversations-{n}.json", f"{n}.zip"]), data)
        packed_ = bytearray(buffer.getvalue())
        table = packed_.find(b"PK\x01\x02")
        for _ in range(draw.randint(0, 3)):  # fields of the table: places, sizes, checksums, flags
            at = draw.randrange(table, len(packed_) - 4)
            packed_[at : at + 4] = struct.pack("<L", draw.choice([0, 1, 40, len(packed_), draw.getrandbits(32)]))
        return bytes(packed_)
    junk = draw.choice([b"", b"{", b"]", b'"', b"\xff", b"NaN", b"\\ud800", number.encode()])
    return edited(data, [(draw.random(), draw.randint(0, 12), junk) for _ in range(draw.randint(0, 3))])


@pytest.mark.timeout(0)
def test_the_reader_survives_for_as_long_as_is_asked(tmp_path: Path) -> None:
    """FUZZ_SECONDS: how long; each seed is one export, and is named where one breaks it."""
    end = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "1"))
    seed = 0
    while time.monotonic() < end or seed < 20:
        data = drawn(random.Random(seed))
        try:
            survives(tmp_path, data, Limits())
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
        seed += 1

"""Every form that an export comes in gives the same conversations."""

import gzip
import json
from pathlib import Path

import pytest

from pipelines.export import ExportError, Limits, ReadCounts, read_export
from tests.pipelines.export.shapes import chain, gzipped, message, read, read_bytes, read_json, talk, texts, zipped

TWO = [talk("a"), talk("b")]
ARRAY = json.dumps(TWO).encode()


def ids(path: Path) -> list[str]:
    return [conversation.id for conversation in read(path)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ARRAY, id="array"),
        pytest.param(json.dumps(TWO, indent=4).encode(), id="indented"),
        pytest.param(b"\xef\xbb\xbf" + ARRAY, id="byte order mark"),
        pytest.param(b" \n\t" + ARRAY + b"\r\n ", id="white space around"),
        pytest.param(json.dumps({"conversations": TWO}).encode(), id="wrapped"),
        pytest.param(
            json.dumps({"user": {"id": 1}, "conversations": TWO, "more": [1]}).encode(), id="wrapped among others"
        ),
        pytest.param(ARRAY[:-1] + b",]", id="trailing comma"),
        pytest.param(b'[null, 3, "x", [], ' + ARRAY[1:], id="foreign elements"),
    ],
)
def test_plain_forms(tmp_path: Path, data: bytes) -> None:
    assert [c.id for c in read_bytes(tmp_path, data)] == ["a", "b"]


def test_a_conversation_alone_is_an_export_of_one(tmp_path: Path) -> None:
    (found,) = read_bytes(tmp_path, json.dumps(talk("alone", "hi")).encode())
    assert (found.id, texts(found)) == ("alone", ["hi"])


def test_gzip(tmp_path: Path) -> None:
    assert ids(gzipped(tmp_path, ARRAY)) == ["a", "b"]


def test_gzip_of_several_streams(tmp_path: Path) -> None:
    path = tmp_path / "export.gz"
    path.write_bytes(gzip.compress(ARRAY[:20]) + gzip.compress(ARRAY[20:]))
    assert ids(path) == ["a", "b"]


@pytest.mark.parametrize(
    "name", ["conversations.json", "export/2025/conversations.json", "Conversations.JSON", "x\\conversations.json"]
)
def test_zip_with_conversations_json_anywhere(tmp_path: Path, name: str) -> None:
    assert ids(zipped(tmp_path, {"user.json": "{}", name: ARRAY, "chat.html": "<html>"})) == ["a", "b"]


def test_shards_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    shards = {f"conversations-{n:03d}.json": json.dumps([talk(str(n))]) for n in (10, 2, 0, 1)}
    assert ids(zipped(tmp_path, shards | {"user.json": "{}"})) == ["0", "1", "2", "10"]


def test_shards_beside_conversations_json_are_merged_without_duplicates(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        {
            "conversations-000.json": json.dumps([talk("a", "shard"), talk("b")]),
            "conversations.json": json.dumps([talk("a", "whole")]),
            "conversations-001.json": json.dumps([talk("c"), talk("b")]),
        },
    )
    counts = ReadCounts()
    found = list(read_export(path, counts=counts))
    assert [(c.id, texts(c)) for c in found] == [("a", ["whole"]), ("b", ["hello"]), ("c", ["hello"])]
    assert (counts.conversations, counts.duplicates) == (3, 2)


def test_conversations_without_an_id_are_all_kept(tmp_path: Path) -> None:
    shard = json.dumps([chain(message(text=text), id=None) for text in "xy"])
    path = zipped(tmp_path, {"conversations-000.json": shard, "conversations-001.json": shard})
    assert len({c.id for c in read(path)}) == 4


def test_an_empty_shard_among_full_ones_does_no_harm(tmp_path: Path) -> None:
    assert ids(zipped(tmp_path, {"conversations-000.json": "[]", "conversations-001.json": ARRAY})) == ["a", "b"]


def test_files_of_the_archiver_are_not_taken_for_shards(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        {"__MACOSX/conversations.json": b"\x00\x05", "._conversations.json": b"\x00", "conversations.json": ARRAY},
    )
    assert ids(path) == ["a", "b"]


def test_flat_messages(tmp_path: Path) -> None:
    flat = {
        "id": "f",
        "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": [{"type": "text", "text": "hello"}, {"type": "image"}]},
            None,
            {"role": "user", "content": {"content_type": "text", "parts": ["bye"]}},
        ],
    }
    (found,) = read_json(tmp_path, flat)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "hello"), ("user", "bye")]


def test_claude_messages_keep_thinking_apart(tmp_path: Path) -> None:
    claude = {
        "uuid": "u1",
        "name": "A name",
        "created_at": "2025-01-01T00:00:00Z",
        "chat_messages": [
            {"uuid": "m1", "sender": "human", "text": "hi", "content": [], "created_at": "2025-01-01T00:00:01Z"},
            {
                "uuid": "m2",
                "sender": "assistant",
                "text": "",
                "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "hello"}],
            },
        ],
    }
    (found,) = read_json(tmp_path, claude)
    assert (found.id, found.title, found.time) == ("u1", "A name", 1735689600.0)
    said = [(m.id, m.role, m.kind, m.text) for m in found.messages]
    assert said == [
        ("m1", "user", "text", "hi"),
        ("m2:thoughts", "assistant", "thoughts", "hm"),
        ("m2", "assistant", "text", "hello"),
    ]


def test_grok_messages(tmp_path: Path) -> None:
    time = {"$date": {"$numberLong": "1750534101177"}}
    said = {"response_id": "r", "message": "hi", "sender": "human", "create_time": time}
    grok = {
        "conversation": {"conversation_id": "g", "title": "T"},
        "responses": [{"response": said}, {"response": None}],
    }
    (found,) = read_bytes(tmp_path, json.dumps({"conversations": [grok]}).encode())
    assert (found.id, found.title, texts(found)) == ("g", "T", ["hi"])
    assert found.messages[0].time == pytest.approx(1750534101.177)


@pytest.mark.parametrize("window", [4096, 8192, 65536])
def test_the_size_of_the_window_changes_nothing(tmp_path: Path, window: int) -> None:
    elements = [talk(str(n), "é\u2014\U0001f600 " * n) for n in range(200)]
    data = json.dumps(elements, ensure_ascii=False).encode()
    assert read_bytes(tmp_path, data, Limits(window_bytes=window)) == read_bytes(tmp_path, data)


def test_a_huge_conversation_is_the_same_node_by_node(tmp_path: Path) -> None:
    long = chain(*(message(text=f"{n} " * 2000, time=1.6e9 + n) for n in range(700)), id="huge")
    (found,) = read_json(tmp_path, long)
    assert [(m.id, m.time) for m in found.messages] == [(f"n{n}", 1.6e9 + n) for n in range(700)]
    assert found.messages[699].text == "699 " * 2000


NOTHING = [
    "",
    "   \n",
    "[]",
    "{}",
    '{"conversations": []}',
    "[{}]",
    "[null]",
    "[[]]",
    "[1, 2]",
    '[{"name": "x"}]',
    "null",
    "7",
    '"text"',
]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("form", ["plain", "gzip", "zip"])
def test_zero_conversations_are_a_failure_that_says_why(tmp_path: Path, text: str, form: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(text)
    if form != "plain":
        path = gzipped(tmp_path, text.encode()) if form == "gzip" else zipped(tmp_path, {"conversations.json": text})
    with pytest.raises(ExportError, match=r"conversations\.json") as failure:
        read(path)
    assert not failure.value.retryable


def test_conversations_without_a_word_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="2 conversations, but no words"):
        read_json(tmp_path, chain(message(text="")), chain(message(text="  "), id="c2"))


def test_counts_tell_what_was_met(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([talk("a"), talk("a"), {"foreign": 1}, chain(message(), message("assistant"), id="b")]))
    counts = ReadCounts()
    list(read_export(path, counts=counts))
    assert counts == ReadCounts(2, 3, 0, duplicates=1, foreign=1, bytes_read=path.stat().st_size - 1)

"""The words of every content type, who says them, and what is kept as a note instead."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import Conversation, Message
from tests.pipelines.export.shapes import chain, message, read_json, talk, texts


def read_content(tmp_path: Path, content: Any, role: str = "user", **fields: Any) -> Message:
    (found,) = read_json(tmp_path, chain(message(role, content=content, **fields)))
    (only,) = found.messages
    return only


def read_one(tmp_path: Path, *messages: dict[str, Any]) -> Conversation:
    *_, found = read_json(tmp_path, talk("other"), chain(*messages))
    return found


SPOKEN = {"content_type": "audio_transcription", "text": "I said this", "direction": "in"}
POINTER = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x", "width": 3}


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        ({"content_type": "text", "parts": ["a", "b"]}, "text", "a\nb"),
        ({"parts": ["no type"]}, "text", "no type"),
        ({"content_type": "text", "parts": [None, 3, "", "a"]}, "text", "a"),
        ({"content_type": "multimodal_text", "parts": [POINTER, "look"]}, "text", "look"),
        ({"content_type": "multimodal_text", "parts": [SPOKEN, POINTER]}, "voice", "I said this"),
        ({"content_type": "code", "language": "python", "text": "x = 1"}, "code", "x = 1"),
        ({"content_type": "execution_output", "text": "42"}, "execution_output", "42"),
        ({"content_type": "tether_quote", "url": "u", "title": "T", "text": "q"}, "tether_quote", "T\nq"),
        ({"content_type": "tether_browsing_display", "result": "r"}, "tether_browsing_display", "r"),
        ({"content_type": "reasoning_recap", "content": "Thought for 5s"}, "reasoning_recap", "Thought for 5s"),
        (
            {"content_type": "thoughts", "thoughts": [{"summary": "S", "content": "c"}, None, {"content": "d"}]},
            "thoughts",
            "S\nc\nd",
        ),
        ({"content_type": "system_error", "name": "E", "text": "failed"}, "system_error", "E\nfailed"),
        (
            {"content_type": "hologram", "asset_id": "no", "url": "no", "beams": [{"caption": "yes", "n": 1}, "and"]},
            "hologram",
            "yes\nand",
        ),
        ({"content_type": "code", "text": None, "parts": ["elsewhere"]}, "code", "elsewhere"),
        ({"content_type": 7, "parts": ["odd type"]}, "unknown", "odd type"),
        ("only text", "text", "only text"),
    ],
)
def test_words_and_kind(tmp_path: Path, content: Any, kind: str, text: str) -> None:
    found = read_content(tmp_path, content)
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    "content", [None, {}, {"parts": None}, {"content_type": "text", "parts": []}, {"parts": [{}]}, 3]
)
def test_content_without_words_gives_no_message(tmp_path: Path, content: Any) -> None:
    assert texts(read_one(tmp_path, message(text="before"), message(content=content))) == ["before"]


def test_content_of_an_unknown_type_nested_without_end_is_searched_to_a_depth(tmp_path: Path) -> None:
    nested: Any = "too deep"
    for _ in range(300):
        nested = {"content_type": "odd", "inner": nested, "here": "near"}
    assert read_content(tmp_path, nested).text == "\n".join(["near"] * 8)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("user", "user"), ("human", "user"), ("User", "user"), ("assistant", "assistant"), ("system", "system"),
        ("tool", "tool"), ("critic", "tool"), (None, "tool"), (3, "tool"),
    ],
)  # fmt: skip
def test_an_unknown_speaker_never_speaks_for_the_user(tmp_path: Path, role: Any, expected: str) -> None:
    assert read_content(tmp_path, "x", role).role == expected


@pytest.mark.parametrize(
    "fields",
    [{"metadata": {"is_visually_hidden_from_conversation": True}}, {"weight": 0}, {"weight": 0.0}],
)
def test_hidden_messages_are_dropped(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert texts(read_one(tmp_path, message(text="seen"), message(text="hidden", **fields))) == ["seen"]


def test_nul_is_dropped_and_half_a_surrogate_pair_replaced(tmp_path: Path) -> None:
    odd = chain(message(text="a\x00b\ud83dc\ud83d\ude00", id="i\x00"), id="\udc00x\x00", title="t\x00\ud800")
    (found,) = read_json(tmp_path, odd)
    assert (found.id, found.title, found.messages[0].id) == ("\ufffdx", "t\ufffd", "i")
    assert texts(found) == ["ab\ufffdc\U0001f600"]
    assert "\x00" not in repr(found)


HIDDEN = {"is_visually_hidden_from_conversation": True}


def notes(found: Conversation) -> list[tuple[str, str]]:
    return [(note.kind, note.text) for note in found.notes]


def test_custom_instructions_are_notes_without_their_wrapping(tmp_path: Path) -> None:
    wrapped = {
        "content_type": "user_editable_context",
        "user_profile": "The user provided the following information about themselves:\n```I am a nurse.```",
        "user_instructions": "The user provided the additional info about how to respond:\n```\nBe brief.\n```",
    }
    found = read_one(tmp_path, message(content=wrapped, metadata=HIDDEN), message(text="hi"))
    assert notes(found) == [("user_profile", "I am a nurse."), ("user_instructions", "Be brief.")]
    assert texts(found) == ["hi"]
    assert len({note.id for note in found.notes}) == 2


@pytest.mark.parametrize(
    ("wrapped", "inner"),
    [
        ("User profile:\n```Preferred name: Jo\nRole: nurse```", "Preferred name: Jo\nRole: nurse"),
        ("User's instructions: \n```\nUse `code` sparingly.\n```\n", "Use `code` sparingly."),
        ("I write plainly.", "I write plainly."),
        ("My style:\n```a```\nand\n```b```x", "My style:\n```a```\nand\n```b```x"),
    ],
)
def test_only_a_whole_wrapping_is_taken_off(tmp_path: Path, wrapped: str, inner: str) -> None:
    content = {"content_type": "user_editable_context", "user_profile": wrapped}
    assert notes(read_one(tmp_path, message(content=content), message())) == [("user_profile", inner)]


def test_what_the_metadata_says_about_the_user_comes_first(tmp_path: Path) -> None:
    said = {"about_user_message": "I am a nurse.", "about_model_message": ""}
    hidden = message("system", "", metadata=HIDDEN | {"user_context_message_data": said})
    assert notes(read_one(tmp_path, hidden, message())) == [("user_profile", "I am a nurse.")]


def test_saved_memories_are_notes(tmp_path: Path) -> None:
    saved = {"content_type": "model_editable_context", "model_set_context": "1. [2024-05-02]. Likes tea."}
    found = read_one(
        tmp_path,
        message("assistant", content=saved, metadata=HIDDEN),
        message(text="I paint"),
        message("assistant", "User paints.", recipient="bio"),
        message("tool", "Model set context updated.", author={"role": "tool", "name": "bio"}),
    )
    assert notes(found) == [("model_editable_context", "1. [2024-05-02]. Likes tea."), ("bio", "User paints.")]
    assert texts(found) == ["I paint", "Model set context updated."]


@pytest.mark.parametrize(
    "content", [{"content_type": "user_editable_context"}, {"content_type": "model_editable_context"}]
)
def test_empty_notes_are_none(tmp_path: Path, content: dict[str, Any]) -> None:
    assert notes(read_one(tmp_path, message(content=content), message())) == []

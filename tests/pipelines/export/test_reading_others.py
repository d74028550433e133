"""Exports of other assistants: Claude's trees and attachments, DeepSeek's fragments, and notes in their older forms."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import ATTACHMENT
from pipelines.export.conversation.live_turns import live_turns
from pipelines.export.parts.wire import WireMessage
from tests.pipelines.export.shapes import chain, message, read_json, texts

ROOT = "00000000-0000-4000-8000-000000000000"


def turn(ident: str, text: str, parent: str = ROOT, minute: int = 0, **fields: Any) -> dict[str, Any]:
    """A Claude message; a letter in front of its id says who speaks."""
    sender = "human" if ident.startswith("h") else "assistant"
    at = f"2026-08-01T10:{minute:02d}:00Z"
    return {
        "uuid": ident, "text": text, "sender": sender, "created_at": at, "parent_message_uuid": parent,
        "content": [{"type": "text", "text": text}] if text else [],
    } | fields  # fmt: skip


def claude(*turns: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"uuid": "c", "name": "Talk", "created_at": "2026-08-01T10:00:00Z", "chat_messages": list(turns)} | fields


TURNS = (
    turn("h1", "I live in Atlantis."), turn("a1", "Nice.", "h1", 1),
    turn("h2", "I live in Narvik.", minute=2), turn("a2", "Cold.", "h2", 3),
)  # fmt: skip


def test_an_edited_prompt_takes_its_old_branch_away(tmp_path: Path) -> None:
    assert texts(read_json(tmp_path, claude(*TURNS))[0]) == ["I live in Narvik.", "Cold."]


def test_the_branch_that_the_export_points_at_is_the_one_that_counts(tmp_path: Path) -> None:
    found = read_json(tmp_path, claude(*TURNS, current_leaf_message_uuid="a1"))[0]
    assert texts(found) == ["I live in Atlantis.", "Nice."]


def test_turns_that_name_no_parent_are_put_in_the_order_of_time(tmp_path: Path) -> None:
    late, early = turn("h1", "late", minute=9), turn("h2", "early", minute=1)
    for one in (late, early):
        del one["parent_message_uuid"]
    assert texts(read_json(tmp_path, claude(late, early))[0]) == ["early", "late"]


@settings(max_examples=60)
@given(st.lists(st.none() | st.integers(-1, 9), max_size=8), st.none() | st.integers(0, 9))
def test_any_parents_give_turns_of_which_none_comes_twice(parents: list[int | None], leaf: int | None) -> None:
    flat = [WireMessage(uuid=f"{n}", parent_message_uuid=None if p is None else f"{p}") for n, p in enumerate(parents)]
    names = [wire.uuid for _, wire in live_turns(flat, None if leaf is None else f"{leaf}")]
    assert len(names) == len(set(names))
    assert bool(names) == bool(flat)


def test_an_attached_text_is_there_and_marked_as_one(tmp_path: Path) -> None:
    attached = turn("h1", "Look at this", attachments=[{"file_name": "a.txt", "extracted_content": "I am a pirate."}])
    found = read_json(tmp_path, claude(attached))[0]
    assert [(item.kind, item.text) for item in found.messages] == [
        (ATTACHMENT, "I am a pirate."), ("text", "Look at this"),
    ]  # fmt: skip


def test_a_voice_note_is_the_users_voice(tmp_path: Path) -> None:
    note = turn("h1", "", content=[{"type": "voice_note", "title": "Note", "text": "I live in Narvik."}])
    assert [(m.kind, m.text) for m in read_json(tmp_path, claude(note))[0].messages] == [("voice", "I live in Narvik.")]


def test_fragments_say_what_was_asked_thought_and_answered(tmp_path: Path) -> None:
    def node(ident: str, parent: str | None, *fragments: tuple[str, str]) -> dict[str, Any]:
        said = {"fragments": [{"type": kind, "content": text} for kind, text in fragments]} if fragments else None
        return {"id": ident, "parent": parent, "children": [], "message": said}

    mapping = {
        "root": node("root", None),
        "1": node("1", "root", ("REQUEST", "I live in Lund.")),
        "2": node("2", "1", ("THINK", "hm"), ("SEARCH", "Lund"), ("RESPONSE", "Nice.")),
    }
    found = read_json(tmp_path, {"id": "d", "title": "T", "inserted_at": "2026-01-01T00:00:00Z", "mapping": mapping})[0]
    assert [(item.role, item.kind, item.text) for item in found.messages] == [
        ("user", "text", "I live in Lund."), ("assistant", "thoughts", "hm"), ("assistant", "text", "Nice."),
    ]  # fmt: skip
    assert found.time == 1_767_225_600.0


def test_a_tree_may_be_a_list_of_its_nodes(tmp_path: Path) -> None:
    talk = chain(message(text="one"), message("assistant", "two"))
    assert texts(read_json(tmp_path, talk | {"mapping": list(talk["mapping"].values())})[0]) == ["one", "two"]


def instructions(**fields: Any) -> list[tuple[str, str]]:
    return [(note.kind, note.text) for note in read_json(fields.pop("folder"), chain(message(**fields)))[0].notes]


def test_instructions_of_older_exports_are_notes(tmp_path: Path) -> None:
    text = (
        "The user provided the following information about themselves: I live in Cusco: it is high.\n"
        "The user provided the additional info about how they would like you to respond: Be brief."
    )
    expected = [("user_profile", "I live in Cusco: it is high."), ("user_instructions", "Be brief.")]
    content = {"content_type": "user_editable_context", "text": text}
    assert instructions(folder=tmp_path, content=content) == expected
    fenced = (
        "The user provided the following information about themselves. This user profile is shown to you in all "
        "conversations they have.\nUser profile:\n```I live in Cusco.```\nThe user provided the additional info about "
        "how they would like you to respond:\n```Be brief.```"
    )
    expected = [("user_profile", "I live in Cusco."), ("user_instructions", "Be brief.")]
    assert instructions(folder=tmp_path, content=content | {"text": fenced}) == expected


def test_instructions_of_newer_exports_are_answers_to_questions(tmp_path: Path) -> None:
    answers = {
        "name_user_message": "Ingrid", "role_user_message": "violin maker", "traits_model_message": "Be brief",
        "other_user_message": "I play chess.",
    }  # fmt: skip
    content = {"content_type": "user_editable_context", "user_profile": "", "user_instructions": ""}
    metadata = {"is_user_system_message": True, "user_context_message_data": answers}
    assert instructions(folder=tmp_path, content=content, metadata=metadata) == [
        ("user_profile", "Preferred name: Ingrid\nRole: violin maker\nI play chess."),
        ("user_instructions", "Be brief"),
    ]

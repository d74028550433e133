"""Every published export at hand reads, with the counts that its provenance gives.

Conversations are those of the provenance page. Messages are fewer than its nodes where a branch was abandoned, a
message hidden (weight 0, or marked so) or its text blank.
"""

from pathlib import Path

import pytest

from pipelines.contract import Conversation
from pipelines.export import ExportError
from tests.pipelines.export.shapes import read, texts
from tests.shared_data import SHARED, needs_shared

pytestmark = needs_shared

COUNTS = [
    ("chatgpt/librechat/chatgpt-export.json", 2, 14),
    ("chatgpt/librechat/chatgpt-tree.json", 1, 6),
    ("chatgpt/librechat/chatgpt-citations.json", 1, 1),
    ("chatgpt/librechat/chatgpt-citations.bom.json", 1, 1),
    ("chatgpt/chatgpt2graph/conversations.json", 1, 42),
    ("chatgpt/openwebui-importer/gpt_example.json", 1, 10),
    ("chatgpt/mitkury/example-conversation.json", 1, 4),
    ("chatgpt/looselips/conversations.json", 5, 10),
    ("chatgpt/export-studio/conversations.json", 2, 6),
    ("chatgpt/export-studio/sample_export.zip", 2, 6),
    ("other-formats/openwebui-importer/claude_example.json", 85, 10),
    ("other-formats/openwebui-importer/claude_thinking_example.json", 1, 3),
    ("other-formats/openwebui-importer/grok_example.json", 1, 10),
    ("other-formats/openwebui-importer/invalid_unicode.json", 1, 2),
    ("derived/oasst_sharded_export.zip", 60, 243),
    ("derived/memorybank_exports/Emily/conversations.json", 10, 98),
    ("derived/memorybank_exports/Frank/conversations.json", 10, 104),
    ("derived/memorybank_exports/Gary/conversations.json", 10, 58),
    ("derived/memorybank_exports/Henry/conversations.json", 10, 68),
    ("derived/memorybank_exports/Ivy/conversations.json", 10, 70),
    ("derived/memorybank_exports/Jason/conversations.json", 10, 86),
    ("derived/memorybank_exports/John_Zhang/conversations.json", 9, 34),
    ("derived/memorybank_exports/Linda/conversations.json", 10, 90),
    ("derived/memorybank_exports/Lucy/conversations.json", 10, 66),
    ("derived/memorybank_exports/Sunny/conversations.json", 10, 70),
]


@pytest.mark.parametrize(("name", "conversations", "messages"), COUNTS)
def test_counts(name: str, conversations: int, messages: int) -> None:
    found = read(SHARED / name)
    assert len(found) == conversations
    assert sum(len(conversation.messages) for conversation in found) == messages


def files() -> list[Path]:
    folders = ("chatgpt", "other-formats", "derived")
    return sorted(path for folder in folders for path in (SHARED / folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SHARED)))
def test_every_file_reads_or_fails_with_a_reason(path: Path) -> None:
    if str(path.relative_to(SHARED)) in {name for name, _, _ in COUNTS}:
        assert read(path)
    else:
        with pytest.raises(ExportError, match="conversations"):
            read(path)


def only(name: str) -> Conversation:
    (found,) = read(SHARED / name)
    return found


def test_custom_instructions_of_a_real_export_are_a_note() -> None:
    found = only("chatgpt/openwebui-importer/gpt_example.json")
    (note,) = found.notes
    assert note.kind == "user_instructions"
    assert note.text.startswith("Please keep the initial response to 1 to 2 paragraphs")


def test_code_and_its_output_keep_their_speakers_and_kinds() -> None:
    found = only("chatgpt/chatgpt2graph/conversations.json")
    kinds = [(message.role, message.kind) for message in found.messages]
    assert kinds.count(("assistant", "code")) == 11
    assert kinds.count(("tool", "execution_output")) == 11


def test_a_byte_order_mark_changes_nothing() -> None:
    with_mark = only("chatgpt/librechat/chatgpt-citations.bom.json")
    without = only("chatgpt/librechat/chatgpt-citations.json")
    assert [(m.id, m.role, m.time) for m in with_mark.messages] == [(m.id, m.role, m.time) for m in without.messages]


def test_private_use_characters_are_kept() -> None:
    assert texts(only("other-formats/openwebui-importer/invalid_unicode.json")) == [
        "\ue203Hello\ue204",
        "\ue205World\ue206",
    ]


def test_the_zip_reads_as_the_plain_file() -> None:
    folder = SHARED / "chatgpt/export-studio"
    assert read(folder / "sample_export.zip") == read(folder / "conversations.json")

"""What is not the user's, not wanted or not new is left out of what is read, and counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.export import ExportError, ReadCounts, read_export, remarks
from tests.pipelines.export.shapes import chain, message, read, read_json, talk, texts, zipped


def counted(path: Path) -> tuple[list[list[str]], ReadCounts]:
    counts = ReadCounts()
    return [texts(found) for found in read_export(path, counts=counts)], counts


def written(folder: Path, *elements: Any) -> Path:
    path = folder / "export"
    path.write_text(json.dumps(elements))
    return path


@pytest.mark.parametrize(
    "author",
    [
        {"role": "user", "name": "Bob"},
        {"role": "user", "name": None, "metadata": {"real_author": "user:Bob"}},
    ],
)
def test_another_persons_words_are_never_the_users(tmp_path: Path, author: dict[str, Any]) -> None:
    other = message(text="I am a pirate.") | {"author": author}
    path = written(tmp_path, chain(message(text="I make violins."), other, message("assistant", "Noted.")))
    found, counts = counted(path)
    assert found == [["I make violins.", "Noted."]]
    assert counts.others == 1
    assert remarks(counts) == ("Messages of other people, which are not the user's words and were left out: 1.",)


def test_a_name_that_a_program_gives_to_its_user_is_no_other_person(tmp_path: Path) -> None:
    own = message(text="I make violins.") | {"author": {"role": "user", "name": "You"}}
    assert texts(read_json(tmp_path, chain(own))[0]) == ["I make violins."]


def test_what_is_not_to_be_remembered_is_left_out_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, talk("a", "public"), talk("b", "secret") | {"is_do_not_remember": True})
    found, counts = counted(path)
    assert (found, counts.not_remembered) == ([["public"]], 1)
    with pytest.raises(ExportError, match="All 1 conversations of the export are marked as not to be remembered"):
        read_json(tmp_path, talk("b", "secret") | {"is_do_not_remember": True})


@pytest.mark.parametrize("newer_first", [True, False])
def test_the_newest_of_two_copies_is_read_wherever_it_stands(tmp_path: Path, newer_first: bool) -> None:
    copies = [talk("a", "old") | {"update_time": 1.0}, talk("a", "new") | {"update_time": 2.0}]
    first, second = reversed(copies) if newer_first else copies
    parts = {"conversations-000.json": json.dumps([first]), "conversations-001.json": json.dumps([talk("b"), second])}
    found, counts = counted(zipped(tmp_path, parts))
    assert sorted(found) == [["hello"], ["new"]]
    assert counts.duplicates == 1


@pytest.mark.parametrize("empty", ["", " \n"])
def test_empty_files_beside_good_ones_are_passed_over_and_told(tmp_path: Path, empty: str) -> None:
    parts = {"conversations.json": empty, "conversations-000.json": json.dumps([talk("a")])}
    found, counts = counted(zipped(tmp_path, parts))
    assert (found, remarks(counts)) == ([["hello"]], ("Files of the export that are empty: 1.",))
    with pytest.raises(ExportError, match="The export is empty"):
        read(zipped(tmp_path, {"conversations.json": empty}))


@pytest.mark.parametrize("name", ["conversations (1).json", "conversations-000 (2).json", "conversations/a.json"])
def test_files_are_found_under_the_names_that_people_s_disks_give_them(tmp_path: Path, name: str) -> None:
    assert [found.id for found in read(zipped(tmp_path, {name: json.dumps(talk("a"))}))] == ["a"]


def test_a_manifest_is_called_one(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(json.dumps({"export_id": "x", "files": [{"name": "conversations-000.zip"}]}))
    with pytest.raises(ExportError, match="This is a manifest"):
        read(path)

"""Invented exports: deterministic, varied, and every known fact is really written in them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.cli.rehearsal.invented_users.chatgpt import make_export, make_exports
from gateway.cli.rehearsal.invented_users.people import Person, count_found
from pipelines.export import read_export

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
seeds = st.integers(0, 2**32)
sizes = st.integers(5, 60)


@settings(max_examples=25, deadline=None)
@given(seeds, sizes)
def test_equal_arguments_give_equal_bytes(seed: int, size: int) -> None:
    assert make_export(seed, size, UNTIL) == make_export(seed, size, UNTIL)


@settings(max_examples=25, deadline=None)
@given(seeds, sizes)
def test_every_known_fact_is_in_what_the_user_wrote(seed: int, size: int) -> None:
    export = make_export(seed, size, UNTIL)
    assert count_found(export.person, user_texts(export.body)) == len(export.person.facts())


@settings(max_examples=25, deadline=None)
@given(seeds, sizes)
def test_the_counts_are_those_of_the_export(seed: int, size: int) -> None:
    export = make_export(seed, size, UNTIL)
    documents = json.loads(export.body)
    assert export.conversation_count == size == len(documents)
    assert export.message_count == sum(len(visible(document)) for document in documents)


def test_the_reader_reads_what_is_written(tmp_path: Path) -> None:
    for number, export in enumerate(make_exports(range(6), UNTIL)):
        file = tmp_path / f"{number}.json"
        file.write_bytes(export.body)
        conversations = list(read_export(file))
        assert len(conversations) == export.conversation_count
        said = [message.text for item in conversations for message in item.messages if message.role == "user"]
        assert count_found(export.person, said) == len(export.person.facts())


def test_the_handful_is_varied() -> None:
    documents = [document for export in make_exports(range(12), UNTIL) for document in json.loads(export.body)]
    kinds = {message["content"]["content_type"] for document in documents for message in all_messages(document)}
    assert kinds == {"text", "multimodal_text", "user_editable_context"}
    assert any(document["title"] is None for document in documents)
    assert any(document["create_time"] is None for document in documents)
    assert any(len(node["children"]) > 1 for document in documents for node in document["mapping"].values())


def test_too_few_conversations_for_the_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        make_export(1, 4, UNTIL)


def test_a_fact_is_found_as_whole_words_only() -> None:
    person = Person("Ana", "Bergen", "midwife", (), (("I sold the van.", "van"),), "Luanda")
    assert count_found(person, ["an advanced banana in bergen"]) == 1


def all_messages(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (node["message"] for node in document["mapping"].values() if node["message"] is not None)


def visible(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages on the way from the newest leaf to the root that are not hidden."""
    found = []
    node_id = document["current_node"]
    while node_id is not None:
        node = document["mapping"][node_id]
        if node["message"] is not None and node["message"]["weight"] > 0:
            found.append(node["message"])
        node_id = node["parent"]
    return found


def user_texts(body: bytes) -> list[str]:
    texts = []
    for document in json.loads(body):
        for message in visible(document):
            if message["author"]["role"] == "user":
                part = message["content"]["parts"][0]
                texts.append(part if isinstance(part, str) else part["text"])
    return texts

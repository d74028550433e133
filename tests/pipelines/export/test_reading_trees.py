"""The active branch of a conversation tree, whatever is wrong with the tree."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.export.conversation.branch import active_branch
from pipelines.export.parts.wire import Author, Node, WireMessage
from tests.pipelines.export.shapes import chain, conversation, message, read_bytes, read_json, talk, texts


def node(parent: str | None, text: str | None = None, time: float | None = None, **fields: Any) -> dict[str, Any]:
    return {"parent": parent, "message": None if text is None else message(text=text, time=time)} | fields


TREE = {
    "root": node(None),
    "q": node("root", "question", 1.0),
    "old": node("q", "first answer", 2.0),
    "new": node("q", "second answer", 3.0),
    "after": node("old", "a follow-up", 2.5),
}


def said(tmp_path: Path, mapping: Any, current: Any = None) -> list[str]:
    *_, found = read_json(tmp_path, talk("other"), conversation(mapping, current))
    return texts(found)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("after", ["question", "first answer", "a follow-up"]),
        ("new", ["question", "second answer"]),
        ("q", ["question"]),
        (None, ["question", "second answer"]),
        ("gone", ["question", "second answer"]),
        ("root", ["question", "second answer"]),
        (7, ["question", "second answer"]),
    ],
)
def test_current_node_picks_the_branch_and_else_the_newest_leaf(
    tmp_path: Path, current: Any, expected: list[str]
) -> None:
    assert said(tmp_path, TREE, current) == expected


def test_among_leaves_without_times_the_last_one_counts(tmp_path: Path) -> None:
    mapping = {"a": node(None, "q"), "b": node("a", "one"), "c": node("a", "two")}
    assert said(tmp_path, mapping) == ["q", "two"]


def test_a_dangling_parent_ends_the_branch(tmp_path: Path) -> None:
    assert said(tmp_path, {"b": node("gone", "only"), "c": node("b", "answer")}, "c") == ["only", "answer"]


@pytest.mark.parametrize("current", ["a", "b", None])
def test_a_cycle_ends_the_branch(tmp_path: Path, current: str | None) -> None:
    assert sorted(said(tmp_path, {"a": node("b", "x", 1.0), "b": node("a", "y", 2.0)}, current)) == ["x", "y"]


def test_a_node_that_is_its_own_parent(tmp_path: Path) -> None:
    assert said(tmp_path, {"a": node("a", "x")}, "a") == ["x"]


def test_children_stand_in_for_missing_parents(tmp_path: Path) -> None:
    mapping = {
        "a": {"message": message(text="q"), "children": ["b"]},
        "b": {"message": message(text="r"), "children": []},
    }
    assert said(tmp_path, mapping) == ["q", "r"]


@pytest.mark.parametrize("mapping", [None, {}, {"a": None}, {"a": {}}, {"a": {"message": None}}, [], "x", 3])
def test_a_missing_or_broken_tree_is_a_conversation_without_messages(tmp_path: Path, mapping: Any) -> None:
    assert said(tmp_path, mapping) == []


def test_a_conversation_without_a_mapping_at_all_still_counts(tmp_path: Path) -> None:
    found = read_json(tmp_path, talk("a"), {"id": "b", "title": "Only a title"}, {"conversation_id": "c"})
    assert [(c.id, c.title) for c in found] == [("a", "A title"), ("b", "Only a title"), ("c", "")]


def test_twenty_thousand_nodes_deep(tmp_path: Path) -> None:
    (found,) = read_json(tmp_path, chain(*(message(text=str(n)) for n in range(20_000))))
    assert texts(found) == [str(n) for n in range(20_000)]


def test_times_may_be_missing_text_or_milliseconds(tmp_path: Path) -> None:
    times = [None, "2024-05-01T10:00:00Z", 1_714_557_600_000, "1714557600.5", -1, 1e300, True, "soon", [1]]
    (found,) = read_json(tmp_path, chain(*(message(time=time) for time in times), create_time=None))
    expected = [None, 1714557600.0, 1714557600.0, 1714557600.5, None, None, None, None, None]
    assert [m.time for m in found.messages] == expected
    assert found.time == 1714557600.0, "the earliest message stands in for the conversation's own time"


def test_titles_may_be_null_or_no_text(tmp_path: Path) -> None:
    titles = [None, "", 7, ["x"], {"a": 1}, " trimmed "]
    found = read_json(tmp_path, *(chain(message(), id=str(n), title=title) for n, title in enumerate(titles)))
    assert [c.title for c in found] == ["", "", "7", "", "", "trimmed"]


def test_one_odd_field_does_not_cost_the_conversation(tmp_path: Path) -> None:
    odd = chain(message(text="kept"), message("assistant", "too"), {"author": "me", "metadata": [], "content": 3})
    odd["mapping"]["n7"] = "not a node"
    (found,) = read_json(tmp_path, odd)
    assert texts(found) == ["kept", "too"]


def test_duplicate_keys_take_the_last_value(tmp_path: Path) -> None:
    data = json.dumps([talk("a")]).encode().replace(b'"id": "a"', b'"id": "first", "id": "last"')
    assert read_bytes(tmp_path, data)[0].id == "last"


trees = st.integers(1, 12).flatmap(
    lambda size: st.tuples(
        st.lists(st.one_of(st.none(), st.integers(0, size)), min_size=size, max_size=size),
        st.lists(st.one_of(st.none(), st.floats(1, 100)), min_size=size, max_size=size),
        st.one_of(st.none(), st.integers(0, size)),
    )
)


@given(trees)
def test_any_tree_gives_a_branch_of_distinct_nodes_each_the_parent_of_the_next(
    tree: tuple[list[int | None], list[float | None], int | None],
) -> None:
    parents, times, current = tree
    nodes: dict[str, Node | None] = {
        str(n): Node(WireMessage(author=Author("user"), create_time=time), None if up is None else str(up))
        for n, (up, time) in enumerate(zip(parents, times, strict=True))
    }
    branch = [name for name, _ in active_branch(nodes, None if current is None else str(current))]
    assert branch, "every tree with a message has a branch"
    assert len(set(branch)) == len(branch)
    assert all(parents[int(child)] == int(parent) for child, parent in pairwise(branch))
    assert current is None or str(current) not in nodes or branch[0] == str(current)


def test_children_stand_in_for_parents_below_a_current_node_too(tmp_path: Path) -> None:
    mapping = {
        "a": {"message": message(text="q"), "children": ["b"]},
        "b": {"message": message(text="r"), "children": []},
    }
    assert said(tmp_path, mapping, "b") == ["q", "r"]

"""Small exports for pipeline tests, as files and as Hypothesis strategies."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Turn = tuple[str, str]  # role, text

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=60)
turns = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), words), min_size=0, max_size=6)
times = st.none() | st.floats(1.5e9, 1.74e9, allow_nan=False)


def tree(id_: str, turns: Sequence[Turn], *, title: str | None = "Talk", time: float | None = 1.7e9) -> dict[str, Any]:
    """A conversation as ChatGPT exports it: an empty root, a hidden system node, then the turns."""
    mapping: dict[str, Any] = {
        "root": {"id": "root", "message": None, "parent": None, "children": ["sys"]},
        "sys": {"id": "sys", "message": _message("sys", "system", ""), "parent": "root", "children": []},
    }
    parent = "sys"
    for n, (role, text) in enumerate(turns):
        node = f"{id_}-{n}"
        mapping[parent]["children"].append(node)
        mapping[node] = {"id": node, "message": _message(node, role, text), "parent": parent, "children": []}
        parent = node
    return {
        "id": id_,
        "conversation_id": id_,
        "title": title,
        "create_time": time,
        "mapping": mapping,
        "current_node": parent,
    }


def write_export(path: Path, conversations: Sequence[dict[str, Any]]) -> Path:
    """The export as a plain JSON array."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(conversations))
    return path


@st.composite
def small_exports(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to six conversations; the user says something in the first."""
    first = tree("c0", [("user", "I like tea. " + draw(words)), ("assistant", "Good.")], time=draw(times))
    others = draw(st.lists(st.tuples(turns, times), max_size=5))
    return [first, *(tree(f"c{n}", said, time=time) for n, (said, time) in enumerate(others, 1))]


def _message(id_: str, role: str, text: str) -> dict[str, Any]:
    return {
        "id": id_,
        "author": {"role": role},
        "create_time": None,
        "content": {"content_type": "text", "parts": [text]},
        "weight": 1.0,
        "recipient": "all",
    }

"""The active branch of a conversation tree, walked from the current node up to the root."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET

from pipelines.export.conversation.times import seconds
from pipelines.export.parts.wire import Node, WireMessage


def active_branch(nodes: Mapping[str, Node | None], current: Any) -> Iterator[tuple[str, WireMessage]]:
    """The messages from `current` up to the root, newest first; without a usable `current`, from the newest leaf.

    Walks by `parent`, or where a node has none by the others' `children`; a cycle ends the walk. Nodes are looked at
    one by one and let go.
    """
    found = False
    if isinstance(current, str) and current in nodes:
        for step in _walk(nodes, current, None):
            found = True
            yield step
    if nodes and not found:
        parents = _parents(nodes)
        yield from _walk(nodes, _newest_leaf(nodes, parents), parents)


def _walk(
    nodes: Mapping[str, Node | None], leaf: str, parents: Mapping[str, str] | None
) -> Iterator[tuple[str, WireMessage]]:
    seen: set[str] = set()
    at: Any = leaf
    while isinstance(at, str) and at not in seen and at in nodes:
        seen.add(at)
        node = nodes[at]
        if node is not None and node.message is not None:
            yield at, node.message
        up = node.parent if node is not None else UNSET
        if up is UNSET and parents is None:  # a node that does not say, or cannot be read: ask the others
            parents = _parents(nodes)
        at = up or (parents or {}).get(at)


def _parents(nodes: Mapping[str, Node | None]) -> dict[str, str]:
    """Each node's parent, as it says itself or, where it does not, as the parent's `children` say."""
    own: dict[str, str] = {}
    told: dict[str, str] = {}
    for name, node in nodes.items():
        if node is None:
            continue
        if isinstance(node.parent, str) and node.parent in nodes:
            own[name] = node.parent
        if isinstance(node.children, list):
            told.update((child, name) for child in node.children if isinstance(child, str) and child != name)
    return told | own


def _newest_leaf(nodes: Mapping[str, Node | None], parents: Mapping[str, str]) -> str:
    """The latest message that nothing follows; the later in the file among equals. A pure cycle has no leaf:
    then the latest message of all."""
    inner = set(parents.values())
    leaves = [name for name in nodes if name not in inner] or list(nodes)
    return max(enumerate(leaves), key=lambda item: (*_age(nodes[item[1]]), item[0]))[1]


def _age(node: Node | None) -> tuple[bool, float]:
    if node is None or node.message is None:
        return False, 0.0
    return True, seconds(node.message.create_time) or seconds(node.message.inserted_at) or 0.0

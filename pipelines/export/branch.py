"""The active branch of a conversation tree: from the current node up to the root, oldest first."""

from collections.abc import Mapping
from typing import Any

from pipelines.export.times import seconds
from pipelines.export.wire import Node


def active_branch(nodes: Mapping[str, Node | None], current: Any) -> list[tuple[str, Node]]:
    """The nodes with a message from the root to `current`; without a usable `current`, to the newest leaf.

    Walks by `parent`; a missing parent or a cycle ends the walk.
    """
    if isinstance(current, str) and current in nodes:
        path = _walk(nodes, current, {})
        if path:
            return path
    if not nodes:
        return []
    parents = _parents(nodes)
    return _walk(nodes, _newest_leaf(nodes, parents), parents)


def _walk(nodes: Mapping[str, Node | None], leaf: str, parents: Mapping[str, str]) -> list[tuple[str, Node]]:
    path: list[tuple[str, Node]] = []
    seen: set[str] = set()
    at: Any = leaf
    while isinstance(at, str) and at not in seen and at in nodes:
        seen.add(at)
        node = nodes[at]
        if node is not None and node.message is not None:
            path.append((at, node))
        at = (node.parent if node is not None else None) or parents.get(at)
    path.reverse()
    return path


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
    return True, seconds(node.message.create_time) or 0.0

"""From the bytes of one element to typed parts: fast for what is usual, patient with the rest."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from pipelines.contract import ExportError
from pipelines.export import tolerant
from pipelines.export.cursor import Span
from pipelines.export.limits import MIB, Limits
from pipelines.export.wire import Element, Huge, Node, shaped

Nodes = Mapping[str, Node | None]
_HUGE: Final = 4 * MIB  # from here on, nodes are decoded one at a time
_FORGET_EVERY: Final = 4 * MIB


class Decoder:
    """Decodes the elements of one export."""

    def __init__(self, limits: Limits, forget: Callable[[], None]) -> None:
        self._limits = limits
        self._forget = forget
        self._element = msgspec.json.Decoder(Element)
        self._huge = msgspec.json.Decoder(Huge)

    def decode(self, span: Span) -> tuple[Element, Nodes | None]:
        """The element and its tree, if it has one. Raises `ExportError` for what is not JSON at all."""
        try:
            if len(span.view) >= _HUGE:
                return self._decode_huge(span)
            if span.strict:
                element = self._element.decode(span.view)
                return element, _tree(element)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        return self._decode_loosely(span)

    def _decode_huge(self, span: Span) -> tuple[Element, Nodes | None]:
        huge = self._huge.decode(span.view)
        self._forget()
        if not huge.mapping:
            element = self._element.decode(span.view)
            return element, _tree(element)
        element = Element(
            title=huge.title, create_time=huge.create_time, update_time=huge.update_time, mapping={},
            current_node=huge.current_node, conversation_id=huge.conversation_id, id=huge.id,
        )  # fmt: skip
        return element, LazyNodes(huge.mapping, self._forget)

    def _decode_loosely(self, span: Span) -> tuple[Element, Nodes | None]:
        if len(span.view) > self._limits.tolerant_bytes:
            raise ExportError(f"The conversation at byte {span.start:,} is damaged and too large to be repaired.")
        try:
            value = tolerant.loose_value(span.view)
        except tolerant.NotJsonError as error:
            at = span.start + error.position
            raise ExportError(f"The export is not valid JSON near byte {at:,}: {error}.") from None
        element: Element = shaped(Element, value) or Element()
        return element, _tree(element)


class LazyNodes(Mapping[str, Node | None]):
    """A tree whose nodes are decoded when they are looked at, and not kept."""

    def __init__(self, raw: dict[str, msgspec.Raw], forget: Callable[[], None]) -> None:
        self._raw = raw
        self._forget = forget
        self._decoder = msgspec.json.Decoder(Node | None)
        self._touched = 0

    def __getitem__(self, name: str) -> Node | None:
        raw = self._raw[name]
        self._touched += len(memoryview(raw))
        if self._touched > _FORGET_EVERY:
            self._touched = 0
            self._forget()
        try:
            node: Node | None = self._decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _loose_node(memoryview(raw))
        return node

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _loose_node(view: memoryview) -> Node | None:
    try:
        node: Any = shaped(Node, tolerant.loose_value(view))
    except tolerant.NotJsonError:
        return None
    return node if isinstance(node, Node) else None


def _tree(element: Element) -> Nodes | None:
    return element.mapping if isinstance(element.mapping, dict) else None

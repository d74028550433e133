"""From the bytes of one element to typed parts: fast for what is usual, patient with the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, overload

import msgspec

from pipelines.contract import ExportError
from pipelines.export.json_text import tolerant
from pipelines.export.json_text.cursor import Span
from pipelines.export.limits import Limits
from pipelines.export.parts.outline import Outline
from pipelines.export.parts.wire import Element, GrokResponse, LeanMessage, LeanNode, Link, Node, WireMessage, shaped

T = TypeVar("T")
Turn = WireMessage | GrokResponse | None
_REFUSALS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Decoded:
    """An element with its messages, as a tree or as a list; what is large is decoded when it is looked at.

    `too_large` counts messages beyond the limit, which are left out.
    """

    element: Element
    nodes: Mapping[str, Node | None] | None
    flat: Sequence[Turn]
    too_large: int = 0


class Decoder:
    """Decodes the elements of one export."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._element = msgspec.json.Decoder(Element)
        self._node = PieceDecoder(Node, (LeanNode, Link), limits)
        self._turns: dict[str, PieceDecoder[Any]] = {
            "messages": PieceDecoder(WireMessage, (LeanMessage,), limits),
            "chat_messages": PieceDecoder(WireMessage, (LeanMessage,), limits),
            "responses": PieceDecoder(GrokResponse, (), limits),
        }

    def decode(self, piece: Span | Outline) -> Decoded:
        """Raises `ExportError` for what is not JSON at all."""
        if isinstance(piece, Outline):
            return self._from_outline(piece)
        element = self._strictly(piece.view) if piece.strict else None
        if element is None:
            element = self._loosely(piece.view, piece.start)
        return Decoded(
            element, _tree(element.mapping), element.messages or element.chat_messages or element.responses or ()
        )

    def _from_outline(self, outline: Outline) -> Decoded:
        head = memoryview(outline.head())
        element = self._strictly(head) or self._loosely(head, 0)
        nodes = None
        if outline.nodes is not None:
            element.mapping = {}
            nodes = LazyNodes(outline, outline.nodes, self._node)
        for name, places in outline.flat.items():
            setattr(element, name, [])
            if places:
                return Decoded(element, nodes, LazyTurns(outline, places, self._turns[name]), places.count(0))
        return Decoded(element, nodes, (), sum(not place for place in (outline.nodes or {}).values()))

    def _strictly(self, view: memoryview) -> Element | None:
        try:
            return self._element.decode(view)
        except _REFUSALS:
            return None

    def _loosely(self, view: memoryview, start: int) -> Element:
        if len(view) > self._limits.tolerant_bytes:
            raise ExportError(f"The conversation at byte {start:,} is damaged and too large to be repaired.")
        try:
            value = tolerant.loose_value(view)
        except tolerant.NotJsonError as error:
            raise ExportError(f"The export is not valid JSON near byte {start + error.position:,}: {error}.") from None
        element: Element = shaped(Element, value) or Element()
        return element


def _tree(mapping: Any) -> Mapping[str, Node | None] | None:
    """The nodes by id; some programs write them as a list."""
    if isinstance(mapping, list):
        return {node.id: node for node in mapping if node is not None and isinstance(node.id, str)}
    return mapping if isinstance(mapping, dict) else None


class PieceDecoder(Generic[T]):
    """Decodes one message of a large conversation, as far as its size allows; None for what cannot be read.

    A very large one is only tried with the `lean` types, which take little more memory than the text itself.
    """

    def __init__(self, type_: type[T], lean: Sequence[type[msgspec.Struct]], limits: Limits) -> None:
        self._type = type_
        self._limits = limits
        self._strict = msgspec.json.Decoder(type_)
        self._lean = [msgspec.json.Decoder(part) for part in lean]

    def decode(self, view: memoryview) -> T | None:
        """The message in `view`."""
        if len(view) > self._limits.structured_bytes:
            return self._leanly(view)
        try:
            return self._strict.decode(view)
        except _REFUSALS:
            return self._loosely(view)

    def _leanly(self, view: memoryview) -> T | None:
        for decoder in self._lean:
            try:
                plain = msgspec.to_builtins(decoder.decode(view))
            except _REFUSALS:
                continue
            return msgspec.convert(plain, self._type)
        return None

    def _loosely(self, view: memoryview) -> T | None:
        if len(view) > self._limits.tolerant_bytes:
            return None
        try:
            found = shaped(self._type, tolerant.loose_value(view))
        except tolerant.NotJsonError:
            return None
        return found if isinstance(found, self._type) else None


class LazyNodes(Mapping[str, Node | None]):
    """The tree of a large conversation: nodes are decoded when they are looked at, and not kept."""

    def __init__(self, outline: Outline, places: dict[str, int], decoder: PieceDecoder[Node]) -> None:
        self._outline = outline
        self._places = places
        self._decoder = decoder

    def __getitem__(self, name: str) -> Node | None:
        return self._decoder.decode(self._outline.view(self._places[name]))

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class LazyTurns(Sequence[Turn]):
    """The messages of a large conversation without a tree."""

    def __init__(self, outline: Outline, places: list[int], decoder: PieceDecoder[Any]) -> None:
        self._outline = outline
        self._places = places
        self._decoder = decoder

    @overload
    def __getitem__(self, index: int) -> Turn: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Turn]: ...
    def __getitem__(self, index: int | slice) -> Turn | Sequence[Turn]:
        if isinstance(index, slice):
            return LazyTurns(self._outline, self._places[index], self._decoder)
        turn: Turn = self._decoder.decode(self._outline.view(self._places[index]))
        return turn

    def __len__(self) -> int:
        return len(self._places)

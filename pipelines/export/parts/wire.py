"""The parts of an export that are read, as they are written in the file; everything else is skipped unseen.

Leaves are `Any`: real exports hold null, numbers and text where the other is usual, and a surprise in one field must
not cost the conversation. Names follow the files: ChatGPT's, then Claude's, then Grok's and DeepSeek's.
"""

from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

import msgspec


class SpeakerMetadata(msgspec.Struct, gc=False):
    real_author: Any = None  # in a conversation of several people: who spoke


class Author(msgspec.Struct, gc=False):
    role: Any = None
    name: Any = None
    metadata: SpeakerMetadata | None = None


class Metadata(msgspec.Struct, gc=False):
    real_author: Any = None
    is_visually_hidden_from_conversation: Any = None
    is_user_system_message: Any = None
    user_context_message_data: Any = None


class WireMessage(msgspec.Struct, gc=False):
    id: Any = None
    author: Author | None = None
    create_time: Any = None
    content: Any = None
    weight: Any = None
    metadata: Metadata | None = None
    recipient: Any = None
    role: Any = None  # messages[{role, content}]
    name: Any = None
    uuid: Any = None  # Claude
    text: Any = None
    sender: Any = None
    created_at: Any = None
    parent_message_uuid: Any = None
    attachments: Any = None
    fragments: Any = None  # DeepSeek
    inserted_at: Any = None


class Node(msgspec.Struct, gc=False):
    message: WireMessage | None = None
    parent: Any = msgspec.UNSET
    children: Any = None
    id: Any = None


class GrokConversation(msgspec.Struct, gc=False):
    conversation_id: Any = None
    title: Any = None
    create_time: Any = None


class GrokMessage(msgspec.Struct, gc=False):
    response_id: Any = None
    message: Any = None
    sender: Any = None
    create_time: Any = None


class GrokResponse(msgspec.Struct, gc=False):
    response: GrokMessage | None = None


class Head(msgspec.Struct, gc=False):
    """Which conversation an element is, and how new this copy of it."""

    id: Any = None
    conversation_id: Any = None
    uuid: Any = None
    conversation: GrokConversation | None = None
    update_time: Any = None
    updated_at: Any = None


class Element(Head, gc=False):
    """One element of the array, in whichever shape it comes."""

    title: Any = None
    create_time: Any = None
    mapping: dict[str, Node | None] | list[Node | None] | msgspec.UnsetType | None = msgspec.UNSET
    current_node: Any = None
    is_do_not_remember: Any = None
    messages: list[WireMessage | None] | msgspec.UnsetType | None = msgspec.UNSET
    name: Any = None
    created_at: Any = None
    inserted_at: Any = None
    current_leaf_message_uuid: Any = None
    chat_messages: list[WireMessage | None] | msgspec.UnsetType | None = msgspec.UNSET
    responses: list[GrokResponse | None] | msgspec.UnsetType | None = msgspec.UNSET


FLAT: Final = ("messages", "chat_messages", "responses")


class LeanContent(msgspec.Struct, gc=False):
    content_type: str | None = None
    parts: tuple[str] | None = None
    text: str | None = None


class LeanMessage(msgspec.Struct, gc=False):
    id: str | None = None
    author: Author | None = None
    create_time: float | str | None = None
    content: LeanContent | str | None = None
    role: str | None = None
    uuid: str | None = None
    text: str | None = None
    sender: str | None = None
    created_at: str | None = None
    parent_message_uuid: str | None = None


class LeanNode(msgspec.Struct, gc=False):
    """A node with nothing but text in it, for one too large to be decoded into anything else."""

    message: LeanMessage | None = None
    parent: str | None = None


class Link(msgspec.Struct, gc=False):
    """Of a node that is not even that: where the branch goes on."""

    parent: str | None = None


def shaped(type_: Any, value: Any) -> Any:
    """Fit plain JSON values to `type_`, giving up single fields (as None) rather than the whole."""
    try:
        return msgspec.convert(value, type_)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter for half a surrogate pair in a name
        pass
    if get_origin(type_) in (Union, UnionType):
        kinds = [part for part in get_args(type_) if part not in (type(None), msgspec.UnsetType)]
        type_ = next((kind for kind in kinds if get_origin(kind) is type(value)), kinds[0])
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct) and isinstance(value, dict):
        known = {field.name: field.type for field in msgspec.structs.fields(type_)}
        return type_(**{name: shaped(known[name], part) for name, part in value.items() if name in known})
    if get_origin(type_) is dict and isinstance(value, dict):
        return {str(name): shaped(get_args(type_)[1], part) for name, part in value.items()}
    if get_origin(type_) is list and isinstance(value, list):
        return [shaped(get_args(type_)[0], part) for part in value]
    return None

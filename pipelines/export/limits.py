"""Bounds of the reader: a real export stays far below them, a hostile one does not."""

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """Sizes in bytes. The defaults admit exports of 2 GiB, conversations of any size in them, and messages of 64 MiB.

    Decoding hostile JSON takes some 20 times its size in memory; that is what the limits on pieces are for.
    """

    total_bytes: int = 2048 * MIB  # JSON of the whole export, after decompression
    whole_bytes: int = 4 * MIB  # a conversation up to here is decoded at once, a larger one message by message
    message_bytes: int = 64 * MIB  # one message; a larger one is dropped
    structured_bytes: int = 8 * MIB  # one message that is more than plain text
    tolerant_bytes: int = 8 * MIB  # one piece that is not strict JSON, and needs the tolerant parser
    elements: int = 1_000_000  # conversations, and what else stands between them
    nodes: int = 500_000  # messages of one conversation
    members: int = 50_000  # files in a ZIP
    directory_bytes: int = 8 * MIB  # a ZIP's table of contents
    ratio: int = 400  # decompressed to compressed, once past `ratio_from`
    ratio_from: int = 16 * MIB
    window_bytes: int = 8 * MIB  # how much of the file is mapped at a time

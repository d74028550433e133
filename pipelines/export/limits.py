"""What the reader puts up with: bounds that a real export stays far below and a hostile one does not."""

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """Sizes in bytes. The defaults admit exports of 2 GiB and single conversations of 512 MiB."""

    total_bytes: int = 2048 * MIB  # JSON of the whole export, after decompression
    conversation_bytes: int = 512 * MIB  # one conversation
    tolerant_bytes: int = 32 * MIB  # one conversation that is not strict JSON, and needs the tolerant parser
    conversations: int = 1_000_000
    members: int = 50_000  # files in a ZIP
    directory_bytes: int = 8 * MIB  # a ZIP's table of contents
    ratio: int = 400  # decompressed to compressed, once past `ratio_from`
    ratio_from: int = 16 * MIB
    window_bytes: int = 8 * MIB  # how much of the file is mapped at a time

"""Which messages are read."""

from pipelines.contract import Message

_SPOKEN = frozenset(["text", "multimodal_text", "voice", "audio_transcription"])


def is_read(message: Message) -> bool:
    """Whether the user said it, in words."""
    return message.role == "user" and message.kind in _SPOKEN

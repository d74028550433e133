"""What a finished run publishes: the columns of the user's profile, made from a soulprint."""

from typing import Any

import msgspec

from pipelines.contract import Soulprint

KEPT_WHEN_NONE = (
    "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_log", "memory_md",
    "archetype", "ai_name",
)  # fmt: skip


def profile_columns(soulprint: Soulprint) -> dict[str, Any]:
    """Columns of `user_profiles` that come from the soulprint. None keeps what the user has."""
    return {
        "soulprint": soulprint_json(soulprint),
        "total_conversations": soulprint.total_conversations,
        "total_messages": soulprint.total_messages,
        "total_chunks": soulprint.total_chunks,
        **{name: clean(getattr(soulprint, name)) for name in KEPT_WHEN_NONE},
        "partial_text": clean(soulprint.partial_text),
    }


def soulprint_json(soulprint: Soulprint) -> str:
    """The app's `soulprint` column: the sections by name, and the facts they stand on, as JSON text."""
    sections = {str(name): fields for name, fields in soulprint.sections.items()}
    return encode_json(sections | {"facts": msgspec.to_builtins(soulprint.facts)})


def result_json(soulprint: Soulprint) -> str:
    """The result as it is kept by version; what is remembered is kept beside it."""
    return encode_json(msgspec.structs.replace(soulprint, memory=None))


MOST_WARNINGS, LONGEST_WARNING = 50, 500  # of a job: a pipeline may say anything, and each look at the job brings them


def warnings_of(soulprint: Soulprint) -> list[str]:
    """What the job says was left out, as Postgres takes it; all of it is in the result."""
    return [clean(text[:LONGEST_WARNING]) or "" for text in soulprint.warnings[:MOST_WARNINGS]]


def encode_json(value: Any) -> str:
    """JSON that Postgres takes as jsonb: it refuses NUL, and the encoder refuses lone surrogates."""
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        text = msgspec.json.encode(_cleaned(msgspec.to_builtins(value))).decode()
    if "\\u0000" in text:
        text = msgspec.json.encode(_cleaned(msgspec.json.decode(text))).decode()
    return text


def clean(text: str | None) -> str | None:
    """Text that Postgres takes: no NUL, no lone surrogates. A title may be None."""
    if text is None or (text.isascii() and "\x00" not in text):
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value

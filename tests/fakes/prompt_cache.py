"""What a provider keeps of prompts, as the vendors document it: up to where a prompt is marked, or, where a dialect has
no marks, whatever begins as an earlier prompt did. Short beginnings are not kept."""

import json
from typing import TYPE_CHECKING, Any

from pipelines.history.chunking.tokens import count_tokens

if TYPE_CHECKING:
    from tests.fakes.provider import Call

LEAST_TOKENS = 1_024
STEP = 128  # of tokens that are recognised without a mark
MARKS = ("cache_control", "prompt_cache_breakpoint")


class PromptCache:
    """Beginnings of prompts that were answered."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self._prompts: list[str] = []

    def look_up(self, call: "Call") -> int:
        """Tokens of the call that are kept already."""
        marked = marked_prefixes(call)
        if marked:
            return max((count_tokens(prefix) for prefix in marked if prefix in self.kept), default=0)
        if not call.path.endswith("/completions"):
            return 0
        whole = "".join(text for text, _ in blocks_of(call))
        common = max((count_tokens(_common(whole, other)) for other in self._prompts), default=0)
        return common // STEP * STEP if common >= LEAST_TOKENS else 0

    def store(self, call: "Call", read: int) -> tuple[int, int, int]:
        """Tokens sent, had and newly kept, once the call is answered."""
        whole = "".join(text for text, _ in blocks_of(call))
        self._prompts.append(whole)
        fit = [prefix for prefix in marked_prefixes(call) if count_tokens(prefix) >= LEAST_TOKENS]
        self.kept.update(fit)
        written = max(map(count_tokens, fit), default=read) - read
        return count_tokens(whole), read, max(written, 0)


def marked_prefixes(call: "Call") -> list[str]:
    """The beginnings of a prompt up to each of its marks."""
    blocks = blocks_of(call)
    return ["".join(text for text, _ in blocks[: n + 1]) for n, (_, marked) in enumerate(blocks) if marked]


def blocks_of(call: "Call") -> list[tuple[str, bool]]:
    """A prompt in the order in which a provider reads it, block by block, and whether each is marked."""
    body = call.body
    first = [body.get(name) for name in ("tools", "toolConfig", "output_config", "response_format")]
    blocks = [(_text(first), False), *_blocks(body.get("system") or body.get("instructions"))]
    for message in call.messages:
        blocks += [(_text(message.get("role")), False), *_blocks(message.get("content"))]
    return blocks


def _blocks(content: Any) -> list[tuple[str, bool]]:
    blocks: list[tuple[str, bool]] = []
    for block in content if isinstance(content, list) else [content]:
        if isinstance(block, dict) and "cachePoint" in block:
            blocks[-1] = (blocks[-1][0], True)
        elif isinstance(block, dict):
            plain = {name: value for name, value in block.items() if name not in MARKS}
            blocks.append((_text(plain), any(mark in block for mark in MARKS)))
        else:
            blocks.append((_text(block), False))
    return blocks


def _common(one: str, other: str) -> str:
    """How both begin."""
    differ = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:differ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\n", "\n")

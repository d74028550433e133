"""Makes big exports to measure with: shaped like ChatGPT's, deterministic, any size.

python bench/exports.py 200 export.json           # 200 MB of ordinary conversations
python bench/exports.py 117 huge.json --single    # one conversation of 117 MB
"""

import argparse
import json
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000
START = 1_700_000_000.0
WORDS = tuple(
    "I we you the a this that train garden dinner meeting Lisbon Ana report deadline paint piano budget coffee Python "  # noqa: SIM905
    "error stack query morning Friday think prefer decided finished moving learning writing because although maybe "
    "never always between after before with without about from into over under".split()
)
WRITTEN_WITH = {"model_slug": "gpt-4o", "finish_details": {"type": "stop"}, "is_complete": True, "citations": []}


def write_export(path: Path, megabytes: int, *, single: bool = False) -> int:
    """Write an export of about `megabytes`; returns the number of conversations in it."""
    rng = random.Random(megabytes)
    limit, size, count = megabytes * MEGABYTE, 0, 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        while size < limit:
            turns = limit // 2580 if single else rng.randint(2, 24)
            size += _write_conversation(file.write, rng, START - 3600 * count, turns, first=count == 0)
            count += 1
            if single:
                break
        file.write("]")
    return count


def _write_conversation(write: Any, rng: random.Random, start: float, turns: int, *, first: bool) -> int:
    """Node by node, so that a conversation of any size takes no memory."""
    ident = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    head = {"title": _text(rng, 4), "create_time": start, "update_time": start + 60, "conversation_id": ident}
    size: int = write(("" if first else ", ") + json.dumps(head)[:-1] + ', "mapping": {')
    leaf = ""
    for number, (name, node) in enumerate(_nodes(rng, start, turns)):
        text = json.dumps(node, ensure_ascii=number % 7 == 0)
        size += write(("" if number == 0 else ", ") + f'"{name}": ') + write(text)
        leaf = name
    size += write(f'}}, "current_node": "{leaf}", "moderation_results": [], "is_archived": false, "id": "{ident}"}}')
    return size


def _nodes(rng: random.Random, start: float, turns: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """A root, a hidden system message, then turns; each node names its parent and its child, as the export does."""
    names = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(2 * turns + 2)]
    for number, name in enumerate(names):
        yield (
            name,
            {
                "id": name,
                "message": None if number == 0 else _message(rng, name, number, start + 30 * number),
                "parent": names[number - 1] if number else None,
                "children": names[number + 1 : number + 2],
            },
        )


def _message(rng: random.Random, name: str, number: int, time: float) -> dict[str, Any]:
    role = "system" if number == 1 else ("user" if number % 2 == 0 else "assistant")
    text = "" if number == 1 else _text(rng, rng.randint(5, 60) if role == "user" else rng.randint(40, 320))
    return {
        "id": name,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": time,
        "update_time": None,
        "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully",
        "end_turn": role == "assistant",
        "weight": 0.0 if number == 1 else 1.0,
        "metadata": {"timestamp_": "absolute", **(WRITTEN_WITH if role == "assistant" else {})},
        "recipient": "all",
        "channel": None,
    }


def _text(rng: random.Random, words: int) -> str:
    """Plain English; one text in eight has an accent, one long one in four a dash or a quotation mark."""
    text = " ".join(rng.choices(WORDS, k=words))
    if rng.random() < 1 / 8:
        text += " caf\u00e9"
    if words > 100 and rng.random() < 1 / 4:
        text += " \u2014 \u201cquoted\u201d"
    return text + ('\n\n```python\nprint("hi")\n```' if words > 200 else ".")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--single", action="store_true", help="one conversation as big as the whole export")
    arguments = parser.parse_args()
    count = write_export(arguments.path, arguments.megabytes, single=arguments.single)
    print(f"{count:,} conversations, {arguments.path.stat().st_size / MEGABYTE:.1f} MB")


if __name__ == "__main__":
    main()

"""How far the token estimate is from exact counts: `uv run --with bpe-openai python -m bench.tokens EXPORT...`."""

import importlib
import sys
from pathlib import Path

from pipelines.export import ExportError, read_export
from pipelines.history.chunking.tokens import count_tokens


def texts(exports: list[Path]) -> list[str]:
    """The different messages of more than 40 characters."""
    found: dict[str, None] = {}
    for export in exports:
        try:
            messages = [message for conversation in read_export(export) for message in conversation.messages]
        except ExportError as error:
            print(f"{export.name}: {error}")
            continue
        found |= dict.fromkeys(message.text for message in messages if len(message.text) > 40)
    return list(found)


def report(name: str, estimates: list[float], exact: list[int]) -> None:
    """The total's ratio to the exact one, and the ratios that nine texts in ten lie between."""
    ratios = sorted(estimate / count for estimate, count in zip(estimates, exact, strict=True))
    low, high = ratios[len(ratios) // 20], ratios[-len(ratios) // 20]
    print(f"{name:14} total {sum(estimates) / sum(exact):.2f}   nine in ten {low:.2f} to {high:.2f}")


def main() -> None:
    encoding = importlib.import_module("bpe_openai").get_encoding("o200k_base")
    sample = texts([Path(argument) for argument in sys.argv[1:]])
    exact = [len(encoding.encode(text)) for text in sample]
    print(f"{len(sample)} texts, {sum(map(len, sample))} characters, {sum(exact)} tokens")
    report("count_tokens", [float(count_tokens(text)) for text in sample], exact)
    report("len // 4", [float(len(text) // 4) for text in sample], exact)


if __name__ == "__main__":
    main()

"""Which version finds more of what is true of a person, by the size of their history: hobbies from the shared companion
chats, behind ever more newer chats about nothing of theirs.

python -m bench.versions                          # `--sizes 0 150` for some sizes alone
python -m bench.versions --page                   # and write what reports cite, and docs/reference/versions-by-size.md
"""

import argparse
import asyncio
import importlib
import json
import math
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gateway.shadow.report.by_size import MEASURED, PAGE, BySize, by_size_text
from gateway.statistics.rate_tests import sign_evidence
from pipelines.contract import ImportRequest, Ports
from pipelines.inert_ports import (
    DiscardingSink,
    LocalExport,
    NoStoredChunks,
    UnstoredSteps,
    compute_here,
    ignore_progress,
)
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.versions import list_versions, oldest_first

PEOPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "derived" / "memorybank_exports"
SIZES = (0, 50, 150, 500)  # newer chats
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALPHA = 0.05
REQUEST = ImportRequest(
    "job", "user", "a/b", inline=False, conversation_count=None, message_count=None, accepted_at=NOW
)
PAGE_TEXT = """<!-- Written by `python -m bench.versions --page`: do not edit. -->
# Which version finds more, by the size of the history

Ten people's chats with a companion, each person's true hobbies known ({hobbies} in all), read by the embedded engine:
as they are, and behind ever more newer chats about nothing of theirs. A version that reads the newest chats alone finds
nothing in older ones. A hobby counts as found when the words that tell it stand in the facts. *Better*: by the hobbies
that only one of them found, at 5 % error.

    .venv/bin/python -m bench.versions --page

{table}

{sentence}

`gateway shadow report` and the console's Compare cite it beside what they count. It says nothing of how the versions
write, nor of what other engines read.
"""
_WORDS = re.compile(r"[a-z]+")
_GENERIC = frozenset(["playing", "taking", "studying", "drinking", "listening", "watching", "the", "to", "in", "and"])


def behind(talks: Sequence[dict[str, Any]], newer: int) -> list[dict[str, Any]]:
    """The chats behind so many newer ones."""
    start = max((talk.get("create_time") or 0.0) for talk in talks) + 1
    asked = [
        {
            "id": f"newer-{n}",
            "title": "Question",
            "create_time": start + n,
            "messages": [{"role": "user", "content": f"What is {n} times {n + 7}?"}],
        }
        for n in range(newer)
    ]
    return [*reversed(asked), *talks]


async def found_by(version: str, export: Path, hobbies: Sequence[str]) -> list[bool]:
    """Which of the hobbies are in what one version finds."""
    run = importlib.import_module(f"pipelines.{version}.run").run
    with tempfile.TemporaryDirectory() as folder:
        ports = Ports(
            LocalExport(export), NoStoredChunks(), EmbeddedLanguage(compute_here), DiscardingSink(), UnstoredSteps(),
            ignore_progress, compute_here, Path(folder),
        )  # fmt: skip
        result = await run(REQUEST, ports)
    told = " ".join(fact.value.lower() for fact in result.facts)
    return [all(word[:5] in told for word in words_of(hobby)) for hobby in hobbies]


def words_of(hobby: str) -> list[str]:
    """The words of a hobby that tell it."""
    words = _WORDS.findall(hobby.lower())
    return [word for word in words if word not in _GENERIC] or words


class Verdict(NamedTuple):
    """What it says, and the version that is surely better."""

    text: str
    better: str = ""


def verdict(one: Sequence[bool], other: Sequence[bool], names: tuple[str, str]) -> Verdict:
    """Which is better by the hobbies that only one of them found, and how sure that is."""
    first = sum(a and not b for a, b in zip(one, other, strict=True))
    second = sum(b and not a for a, b in zip(one, other, strict=True))
    if not first and not second:
        return Verdict("the same")
    worse, better, name = (first, second, names[1]) if second > first else (second, first, names[0])
    sure = sign_evidence(better, worse) >= -math.log(ALPHA)
    text = f"{name} found {better} that the other did not, and missed {worse}{': better' if sure else ', not certain'}"
    return Verdict(text, name if sure else "")


def page_of(measured: BySize) -> str:
    """docs/reference/versions-by-size.md."""
    versions = oldest_first({name for found in measured.found.values() for name in found})
    rows = [
        f"| {size:,} | {' | '.join(str(found[name]) for name in versions)} | {measured.better.get(size, 'neither')} |"
        for size, found in measured.found.items()
    ]
    head = f"| newer chats | {' | '.join(versions)} | better |"
    return PAGE_TEXT.format(
        hobbies=measured.hobbies,
        table="\n".join([head, "|" + "---|" * (len(versions) + 2), *rows]),
        sentence=by_size_text(measured, versions[0], versions[-1]),
    )


async def score(size: int, versions: Sequence[str]) -> dict[str, list[bool]]:
    """For each version, which hobbies of all people it found."""
    found: dict[str, list[bool]] = {version: [] for version in versions}
    for person in sorted(path for path in PEOPLE.iterdir() if path.is_dir()):
        hobbies = json.loads((person / "truth.json").read_text())["hobbies"].split(", ")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as export:
            json.dump(behind(json.loads((person / "conversations.json").read_text()), size), export)
            export.flush()
            for version in versions:
                found[version] += await found_by(version, Path(export.name), hobbies)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--page", action="store_true", help="write what reports cite")
    options = parser.parse_args(argv)
    if not PEOPLE.is_dir():
        print("the shared data is not here")
        return 1
    base, *_, newest = list_versions()
    measured = BySize(0, {}, {})
    for size in options.sizes:
        found = asyncio.run(score(size, (base, newest)))
        said = verdict(found[base], found[newest], (base, newest))
        shares = ", ".join(f"{name} {sum(hits)}/{len(hits)}" for name, hits in found.items())
        print(f"behind {size:4} newer chats: {shares}; {said.text}")
        better = {**measured.better, size: said.better} if said.better else measured.better
        counts = {name: sum(hits) for name, hits in found.items()}
        measured = BySize(len(found[base]), {**measured.found, size: counts}, better)
    if options.page:
        MEASURED.write_bytes(msgspec.json.format(msgspec.json.encode(measured)) + b"\n")
        (Path(__file__).resolve().parents[1] / PAGE).write_text(page_of(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())

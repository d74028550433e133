"""The `console` blocks of a page: the commands in their order, what they are shown to print, and why some are not run.

A line that begins with `$ ` is a command, up to two blanks and a `#`. The lines below it are what it prints, of which
`...` stands for anything. A comment before a block may say why it is not run, or why its commands may find nothing,
which they tell by their code: `<!-- not run here: needs Docker -->`, `<!-- may find nothing: at first -->`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:<!-- ([^>]*) -->\n+)?```console\n(.*?)```", re.DOTALL)
NOT_RUN, FINDS_NOTHING = "not run here: ", "may find nothing: "
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Step:
    """One command, and what the page shows that it prints."""

    command: str
    shown: tuple[str, ...] = ()
    line: int = 0  # of its page


@dataclass(frozen=True, slots=True)
class Block:
    """One console block. `left_out` says why it is not run; None: it is. `empty_when`: why there may be nothing yet."""

    steps: tuple[Step, ...]
    left_out: str | None = None
    empty_when: str | None = None


def pages() -> list[Path]:
    """All pages that people write; the reference is written from the code."""
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "examples" / "README.md",
        *sorted(ROOT.glob("docs/**/*.md")),
    ]


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a page. Raises ValueError where a mark before a block is not understood."""
    for found in BLOCK.finditer(text):
        mark, body = found[1] or "", found[2]
        first = text.count("\n", 0, found.start(2)) + 1
        why = {kind: mark.removeprefix(kind).strip() for kind in (NOT_RUN, FINDS_NOTHING) if mark.startswith(kind)}
        if mark and not why:
            raise ValueError(f"a mark before a block says {mark!r}, neither {NOT_RUN!r} nor {FINDS_NOTHING!r}")
        yield Block(tuple(steps_of(body, first)), why.get(NOT_RUN), why.get(FINDS_NOTHING))


def steps_of(body: str, first: int = 1) -> Iterator[Step]:
    """The commands of a block with what is shown below each. Raises ValueError for output before any command."""
    found: list[tuple[str, list[str], int]] = []
    for at, line in enumerate(body.splitlines(), first):
        if line.startswith(PROMPT):
            found.append((line.removeprefix(PROMPT).partition("  #")[0].strip(), [], at))
        elif not found:
            raise ValueError(f"a block begins with what is printed: {line!r}")
        else:
            found[-1][1].append(line)
    return (Step(command, tuple(shown), at) for command, shown, at in found)


def prints(shown: tuple[str, ...], out: str) -> bool:
    """Whether the output is what is shown, but for blanks at the ends of lines and what `...` stands for."""
    pattern = "\n".join(re.escape(line.rstrip()).replace(re.escape("..."), ".*") for line in shown)
    lines = "\n".join(line.rstrip() for line in out.strip("\n").splitlines())
    return re.fullmatch(pattern, lines, re.DOTALL) is not None

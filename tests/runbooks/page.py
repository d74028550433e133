"""A runbook as somebody follows it: each of its commands is run once, and none may be left."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.gateway.cli.conftest import Ran

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
FENCE = re.compile(r"```console\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(gateway [^`\n]+)`")
ANY_JOB = "00000000-0000-0000-0000-000000000000"  # as pages write "the job's id"

Shell = Callable[[list[str]], Ran]


def commands_of(text: str) -> list[str]:
    """Every command of a page, in its order, each once: those of its blocks, and those inside sentences."""
    found = [
        (match.start(), line.removeprefix("$ ").partition("  #")[0].strip())
        for match in FENCE.finditer(text)
        for line in match[1].splitlines()
    ]
    found += [(match.start(), match[1]) for match in INLINE.finditer(text)]
    return list(dict.fromkeys(command for _, command in sorted(found, key=lambda one: one[0])))


@dataclass(slots=True)
class Page:
    """One runbook, and what is still to be done of it."""

    name: str
    shell: Shell
    left: list[str] = field(init=False)

    def __post_init__(self) -> None:
        text = (RUNBOOKS / f"{self.name}.md").read_text()
        while not commands_of(text):  # the page of an alert that was renamed: it sends the reader on
            self.name = re.findall(r"\((\w+)\.md\)", text)[0]
            text = (RUNBOOKS / f"{self.name}.md").read_text()
        self.left = commands_of(text)

    def does(self, beginning: str, job: str = ANY_JOB, code: int | None = 0) -> Ran:
        """Run the next command of the page that begins so, about this job; it must end with the code (None: any)."""
        command = next((one for one in self.left if one.startswith(beginning)), None)
        assert command is not None, f"{self.name} does not say {beginning}: {self.left}"
        self.left.remove(command)
        ran = self.shell(shlex.split(command.replace(ANY_JOB, job)))
        assert code in (None, ran.code), f"{command}: {ran.code} {ran.err or ran.out}"
        return ran

    def only_names(self, beginning: str) -> None:
        """What the page speaks of without telling anybody to do it is no step."""
        self.left = [command for command in self.left if not command.startswith(beginning)]

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            assert self.left == [], f"{self.name}: steps that nobody took"

"""A scratch folder as somebody follows a page in it: commands in order, each with what those before it left behind."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from gateway.cli.errors import MISSING
from gateway.cli.rehearsal.stage.server import Server
from tests.documents.page import ROOT, Block, prints
from tests.gateway.cli.conftest import Ran

SERVES = {"make run", "gateway serve"}  # the first is the second: `test_make_run_is_gateway_serve`
GIVEN = re.compile(r"^((?:[A-Z_]+=\S* )*)gateway (.*)$")  # VARIABLE=value gateway ...
SECONDS = 120.0
HERE = "127.0.0.1:10000"  # where pages say that the gateway answers
NAMED = {"<id>": "00000000-0000-0000-0000-000000000000"}  # what the reader puts in
OPERATOR = {"OPERATOR_TOKEN": "an-operators-token-of-this-page-2718-2818"}


@dataclass(slots=True)
class Session:
    """One shell in one folder. `gateway` runs the command line in this process, `start` one that serves."""

    folder: Path
    gateway: Callable[..., Ran]
    start: Callable[[Path, dict[str, str]], Server]
    environment: dict[str, str]
    closing: ExitStack
    server: Server | None = None
    ran: int = field(default=0)

    def prepare(self) -> None:
        """As a clone is after `make setup`: its examples, and its environment under `.venv`."""
        (self.folder / "examples").symlink_to(ROOT / "examples")
        (self.folder / ".venv").symlink_to(sys.prefix)

    def serve(self) -> None:
        """A gateway that serves in this folder, if there is none yet."""
        if self.server is None:
            self.server = self.start(self.folder, self.environment | OPERATOR)
            self.closing.callback(self.server.stop)
            self.environment |= {"PORT": str(self.server.port), **OPERATOR}

    def follow(self, blocks: list[Block], page: str = "page") -> list[str]:
        """Run all blocks that are to be run; what did not go as the page says, each with its place."""
        return [wrong for block in blocks if block.left_out is None for wrong in self.take(block, page)]

    def take(self, block: Block, page: str) -> list[str]:
        wrong = []
        for step in block.steps:
            self.ran += 1
            ran = self.run(filled_in(step.command))
            if ran.code not in ({0} if block.empty_when is None else {0, MISSING}):
                wrong.append(f"{page}:{step.line}: $ {step.command}\nends with {ran.code}: {ran.err or ran.out}")
            elif step.shown and not prints(step.shown, ran.out):
                wrong.append(
                    f"{page}:{step.line}: $ {step.command}\nprints\n{ran.out}\nand not\n" + "\n".join(step.shown)
                )
        return wrong

    def run(self, command: str) -> Ran:
        if command in SERVES:
            self.serve()
            return Ran(0, "", "")
        self.serve()
        if (given := GIVEN.match(command)) is not None and not re.search(r"[|><;$&]", command):
            with_these = dict(pair.split("=", 1) for pair in given[1].split())
            return self.gateway(*shlex.split(given[2]), **(self.environment | with_these))
        return self.in_shell(command)

    def in_shell(self, command: str) -> Ran:
        """Any other command, by bash; what it exports stays."""
        assert self.server is not None
        addressed = command.replace(HERE, f"127.0.0.1:{self.server.port}")
        left = self.folder / ".exported"
        done = subprocess.run(
            ["bash", "-c", f"{addressed}\ncode=$?; env -0 > {shlex.quote(str(left))}; exit $code"],
            cwd=self.folder,
            env={"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}", "HOME": str(self.folder), **self.environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        exported = dict(line.split("=", 1) for line in left.read_text().split("\0") if "=" in line)
        self.environment |= {
            name: value for name, value in exported.items() if name.isupper() and name not in os.environ
        }
        return Ran(done.returncode, done.stdout, done.stderr)


def filled_in(command: str) -> str:
    """The command with what its reader puts in."""
    for blank, value in NAMED.items():
        command = command.replace(blank, value)
    return command

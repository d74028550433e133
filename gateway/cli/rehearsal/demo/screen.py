"""What a person sees while it runs: a live table on a terminal, plain lines anywhere else."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.table import Table

from gateway.cli.rehearsal.demo.observer import Outcomes
from gateway.cli.rehearsal.roles import Roles

LINE_EVERY_SECONDS = 3.0
BAR_WIDTH = 24

Follower = Callable[[Outcomes], None]


@dataclass(slots=True)
class Screen:
    """Prints the course of the rehearsal."""

    console: Console

    def say(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False)

    @contextlib.contextmanager
    def stage(self, name: str, users: int, roles: Roles) -> Iterator[Follower]:
        """Show one stage while it runs; give each look at it to what this yields."""
        if not self.console.is_terminal:
            yield self._lines(name, users, roles)
            return
        with Live(stage_table(name, users, roles, None), console=self.console, refresh_per_second=8) as live:
            yield lambda now: live.update(stage_table(name, users, roles, now))

    def _lines(self, name: str, users: int, roles: Roles) -> Follower:
        last = 0.0

        def show(now: Outcomes) -> None:
            nonlocal last
            if now.ended < users and time.monotonic() - last < LINE_EVERY_SECONDS:
                return
            last = time.monotonic()
            self.say("  " + ", ".join(f"{head} {value}" for head, value in stage_values(name, users, roles, now)))

        return show


def stage_values(name: str, users: int, roles: Roles, now: Outcomes | None) -> list[tuple[str, str]]:
    """Heading and value, in the order shown."""
    seen = now or Outcomes(())
    return [
        ("dial", name),
        ("users", str(users)),
        (roles.stable, str(seen.count(pipeline=roles.stable))),
        (roles.candidate, str(seen.count(pipeline=roles.candidate))),
        ("complete", str(seen.count(status="complete"))),
        ("failed", str(seen.ended - seen.count(status="complete"))),
        ("progress", f"{seen.progress:.0f} %"),
    ]


def stage_table(name: str, users: int, roles: Roles, now: Outcomes | None) -> Table:
    """One stage as a row with a bar."""
    values = stage_values(name, users, roles, now)
    table = Table(*(head for head, _ in values), "", box=None, pad_edge=False, header_style="dim")
    done = round((now.progress if now else 0.0) / 100 * BAR_WIDTH)
    table.add_row(*(value for _, value in values), "[green]" + "━" * done + "[/]" + "[dim]" + "━" * (BAR_WIDTH - done))
    return table

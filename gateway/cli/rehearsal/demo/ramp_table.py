"""The ramp as one table that fills in place; off a terminal, as plain lines."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.live import Live
from rich.table import Table

from gateway.cli.rehearsal.demo.observer import Outcomes
from gateway.cli.rehearsal.roles import Roles
from gateway.cli.rehearsal.stage.screen import Screen

LINE_EVERY_SECONDS = 3.0
BAR_WIDTH = 16

Follower = Callable[[Outcomes], None]


@dataclass(slots=True)
class RampTable:
    """What each dial has brought so far. Without a terminal, a line every few seconds and one at each dial's end."""

    dials: Sequence[float]
    users: int
    roles: Roles
    say: Callable[[str], None]
    changed: Callable[[], None] | None = None
    seen: dict[float, Outcomes] = field(default_factory=dict)
    in_force: dict[float, float] = field(default_factory=dict)  # seconds after the change was written
    said_at: float = 0.0

    def dial_in_force(self, dial: float, seconds: float) -> None:
        """The serving process decides by it."""
        self.in_force[dial] = seconds
        if self.changed:
            self.changed()

    def follow(self, dial: float) -> Follower:
        """What to give each look at a dial's users."""

        def show(now: Outcomes) -> None:
            self.seen[dial] = now
            if self.changed:
                self.changed()
            elif now.ended >= self.users or time.monotonic() - self.said_at >= LINE_EVERY_SECONDS:
                self.said_at = time.monotonic()
                self.say("  " + ", ".join(f"{head} {value}" for head, value in self.values(dial)))

        return show

    def values(self, dial: float) -> list[tuple[str, str]]:
        """Heading and value, in the order shown."""
        now, force = self.seen.get(dial, Outcomes(())), self.in_force.get(dial)
        complete = now.count(status="complete")
        return [
            ("dial", f"{dial:g} %"),
            ("in force after", "-" if force is None else f"{force * 1000:.0f} ms"),
            ("users", str(self.users)),
            (self.roles.stable, str(now.count(pipeline=self.roles.stable))),
            (self.roles.candidate, str(now.count(pipeline=self.roles.candidate))),
            ("complete", str(complete)),
            ("failed", str(now.ended - complete)),
        ]

    def table(self) -> Table:
        """All dials, those to come too: its height never changes."""
        headings = [head for head, _ in self.values(self.dials[0])]
        table = Table(*headings, "", box=None, pad_edge=False, header_style="dim")
        for dial in self.dials:
            done = round(self.seen.get(dial, Outcomes(())).progress / 100 * BAR_WIDTH)
            bar = "[green]" + "━" * done + "[/]" + "[dim]" + "━" * (BAR_WIDTH - done)
            table.add_row(*(value for _, value in self.values(dial)), bar)
        return table


@contextlib.contextmanager
def follow_ramp(screen: Screen, dials: Sequence[float], users: int, roles: Roles) -> Iterator[RampTable]:
    """One table with a row for each dial, in place from the beginning."""
    rows = RampTable(dials, users, roles, screen.say)
    if not screen.console.is_terminal:
        yield rows
        return
    with Live(rows.table(), console=screen.console, refresh_per_second=8) as live:
        rows.changed = lambda: live.update(rows.table())
        yield rows

"""What a person sees while a rehearsal runs: sentences, and a heading for each act."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console


@dataclass(slots=True)
class Screen:
    """Prints the course of a rehearsal."""

    console: Console

    def say(self, line: str) -> None:
        """A sentence, broken between words where the terminal ends."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=False)

    def say_all(self, lines: Iterable[str]) -> None:
        """One after the other."""
        for line in lines:
            self.say(line)

    def act(self, number: int, title: str, sentence: str) -> None:
        """What comes next, and why one would look at it."""
        self.console.print()
        self.console.print(f"{number}. {title}", style="bold", markup=False, highlight=False)
        self.say(sentence)

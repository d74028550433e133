"""Stands in for `re` where a module has many patterns, of which a text may need few: each is compiled when it is first
used. Compiling all of those that read takes a quarter of a second, in every process that reads."""

import gc
import re
from functools import partial
from re import DOTALL, IGNORECASE, MULTILINE, Match, Pattern, escape, fullmatch, match, search, split, sub
from typing import Any, cast

__all__ = [
    "DOTALL", "IGNORECASE", "MULTILINE", "LatePattern", "Match", "Pattern", "compile", "compile_all", "escape",
    "fullmatch", "match", "search", "split", "sub",
]  # fmt: skip

_USES = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


class LatePattern:
    """A pattern that is not compiled yet; from its first use on, its uses are those of the compiled one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        for use in _USES:  # each an attribute: `__getattr__` would make every use slower
            setattr(self, use, partial(self._first, use))

    def _first(self, wanted: str, *args: Any, **named: Any) -> Any:
        return getattr(self.made_ready(), wanted)(*args, **named)

    def made_ready(self) -> "re.Pattern[str]":
        """As if it had been used."""
        compiled = self.compiled()
        for use in _USES:
            setattr(self, use, getattr(compiled, use))
        return compiled

    def compiled(self) -> "re.Pattern[str]":
        """As `re` compiles it."""
        return re.compile(self.pattern, self._flags)


def compile(pattern: str, flags: int = 0) -> "re.Pattern[str]":  # noqa: A001 - as it is called in `re`
    """What can be used as a pattern, but for being handed to a function of `re`."""
    return cast("re.Pattern[str]", LatePattern(pattern, flags))


def compile_all() -> int:
    """Compile those that there are, and say how many: for a process whose forks share them."""
    late = [each for each in gc.get_objects() if type(each) is LatePattern]
    for each in late:
        each.made_ready()
    return len(late)

"""Confining this process: all that the machine allows, in an order in which each restriction can still be made."""

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gateway.confinement import call_filter, kernel, landlock
from gateway.confinement.readable import WRITTEN, readable_paths

STANDARD = (0, 1, 2)  # input, output, errors


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a confined process may still do. `level`: the version of Landlock, the kernel's own or an older one."""

    folder: Path  # to be read and written; its temporary files are made there, too
    network: bool = False
    level: int = 0

    @classmethod
    def of(cls, folder: Path, *, network: bool = False) -> "Bounds":
        """On this kernel."""
        return cls(folder, network, landlock.version())


def confine(bounds: Bounds) -> dict[str, str]:
    """Confine this process, while it has one thread, and all that it will start. What could not be done, and why."""
    return restrict_access(bounds) | filter_calls(bounds, (os.getpid(),))


def restrict_access(bounds: Bounds) -> dict[str, str]:
    """Privileges, memory and files; what is forked afterwards is in the same domain, and may be signalled."""
    os.environ["TMPDIR"] = tempfile.tempdir = str(bounds.folder)
    missing: dict[str, str] = {}
    with suppress(OSError):
        kernel.end_with_parent()
    attempt(missing, ("privileges",), kernel.forbid_new_privileges, kernel.drop_capabilities)
    attempt(missing, ("memory",), kernel.hide_memory)
    if bounds.level:
        attempt(missing, ("files",), partial(restrict_files, bounds))
    else:
        missing["files"] = "no Landlock: it needs Linux 5.13"
    return missing


def filter_calls(bounds: Bounds, signals: Sequence[int]) -> dict[str, str]:
    """Network and other processes. Where the kernel does not see to it, only the processes `signals` are signalled."""
    missing: dict[str, str] = {}
    install = partial(
        call_filter.install,
        network=bounds.network,
        signals=None if bounds.level >= landlock.SCOPES_SINCE else signals,
        truncate=bounds.level < landlock.TRUNCATE_SINCE,
    )
    attempt(missing, ("network", "processes"), install)
    return missing


def restrict_files(bounds: Bounds) -> None:
    readable = readable_paths(network=bounds.network)
    landlock.restrict(bounds.folder, readable, WRITTEN, network=bounds.network, level=bounds.level)


def attempt(missing: dict[str, str], names: Sequence[str], *steps: Callable[[], None]) -> None:
    """Note under each name why a step failed."""
    try:
        for step in steps:
            step()
    except OSError as error:
        missing.update(dict.fromkeys(names, error.strerror or str(error)))


def close_inherited(*kept: int) -> None:
    """Close every descriptor but the standard three and `kept`; what is written to these three goes nowhere."""
    for descriptor in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if descriptor > STANDARD[-1] and descriptor not in kept:
            with suppress(OSError):  # the listing's own
                os.close(descriptor)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in STANDARD:
        if descriptor not in kept:
            os.dup2(nothing, descriptor)
    os.close(nothing)

"""A filter of system calls (seccomp): from here on this process, and all that it starts, is refused what is listed.

It needs no privilege. The program is the kernel's own small language: load a word, compare, jump, answer.
"""

import ctypes
import platform
import struct
from collections.abc import Sequence

from gateway.confinement.call_numbers import (
    CONNECTIONS,
    FILES,
    LAST_KNOWN,
    OTHER_PROCESSES,
    SHARED_MEMORY,
    SOME,
    UNKNOWN,
)
from gateway.confinement.kernel import prctl

SET_SECCOMP, FILTER = 22, 2
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # the column of numbers, and the kernel's name
LOAD, AND, ANSWER = 0x20, 0x54, 0x06
IF_EQUAL, IF_ABOVE, IF_ANY_BIT = 0x15, 0x25, 0x45
# Offsets in what the kernel gives; each argument has 8 bytes, the lower first.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOWED, REFUSED, NOT_THERE = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # EPERM, ENOSYS

NEW_NAMESPACES_OR_OTHERS_CHILD = 0x7E020000 | 0x8000  # flags of clone
UNIX, INTERNET, INTERNET_6, STREAM, KIND_OF_SOCKET = 1, 2, 10, 1, 0xF
PARENT_DEATH_SIGNAL, DUMPABLE, PTRACER = 1, 4, 0x59616D61
SIGNALS_OF_FILES = (8, 10, 15)  # fcntl: F_SETOWN, F_SETSIG, F_SETOWN_EX send signals to anybody
SIGNALS_OF_DEVICES = (0x8901, 0x8902, 0x5452, 0x5412, 0x541C)  # ioctl: the same, and typing into a terminal
TRUNCATE, TRUNCATE_OR_WRITE = 0o1000, 0o1003

Instruction = tuple[int, int, int, int]  # code, where to go if true, if false, a value


def install(*, network: bool, signals: Sequence[int] | None, truncate: bool) -> None:
    """Filter this process's calls. Raises OSError; an architecture whose numbers are not known is one, too.

    `signals`: the processes that may be signalled; None where something else sees to it. `truncate`: the same for
    files. With `network`, connections over the internet protocols may be made.
    """
    program = build(platform.machine(), network=network, signals=signals, truncate=truncate)
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    instructions = ctypes.create_string_buffer(code)
    prctl(SET_SECCOMP, FILTER, ctypes.byref(Program(len(program), ctypes.addressof(instructions))))


class Program(ctypes.Structure):
    """`struct sock_fprog` of the kernel."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def build(machine: str, *, network: bool, signals: Sequence[int] | None, truncate: bool) -> list[Instruction]:
    """The filter's program. Raises OSError for a machine whose numbers are not known."""
    if machine not in ARCHITECTURES:
        raise OSError(f"the system calls of {machine} are not known")
    column, name = ARCHITECTURES[machine]
    program = [load(ARCHITECTURE), (IF_EQUAL, 1, 0, name), answer(REFUSED)]
    program += [load(NUMBER), (IF_ABOVE, 0, 1, LAST_KNOWN), answer(NOT_THERE)]
    for numbers in UNKNOWN.values():
        program += when(numbers[column], [answer(NOT_THERE)])
    for calls in (OTHER_PROCESSES, SHARED_MEMORY, FILES, {} if network else CONNECTIONS):
        for numbers in calls.values():
            program += when(numbers[column], [answer(REFUSED)])
    for call, block in conditions(network=network, signals=signals, truncate=truncate):
        program += when(SOME[call][column], block)
    return [*program, answer(ALLOWED)]


def conditions(*, network: bool, signals: Sequence[int] | None, truncate: bool) -> list[tuple[str, list[Instruction]]]:
    """What decides about the calls that are refused for some of their arguments."""
    found = [
        ("clone", [load_argument(0), *refuse_bits(NEW_NAMESPACES_OR_OTHERS_CHILD)]),
        ("socket", [load_argument(0), *allow_only(INTERNET, INTERNET_6)] if network else [answer(REFUSED)]),
        # A pair of datagram sockets could be connected anew, to any socket of this machine.
        ("socketpair", [*require(0, UNIX), load_argument(1), (AND, 0, 0, KIND_OF_SOCKET), *allow_only(STREAM)]),
        ("prctl", [load_argument(0), *refuse_only(PARENT_DEATH_SIGNAL, DUMPABLE, PTRACER)]),
        ("fcntl", [load_argument(1), *refuse_only(*SIGNALS_OF_FILES)]),
        ("ioctl", [load_argument(1), *refuse_only(*SIGNALS_OF_DEVICES)]),
    ]
    own = ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
    found += [(call, [load_argument(0), *allow_only(0)]) for call in own]
    if truncate:
        found.append(("truncate", [answer(REFUSED)]))
        for call, flags in (("open", 1), ("openat", 2)):
            found.append((call, [load_argument(flags), (AND, 0, 0, TRUNCATE_OR_WRITE), *refuse_only(TRUNCATE)]))
    if signals is not None:
        found.append(("tkill", [answer(REFUSED)]))
        found += [(call, [load_argument(0), *allow_only(0, *signals)]) for call in ("kill", "tgkill")]
    return found


def load(offset: int) -> Instruction:
    return (LOAD, 0, 0, offset)


def load_argument(position: int) -> Instruction:
    """The lower half of an argument: all that the kernel looks at, of those that are looked at here."""
    return load(ARGUMENTS + 8 * position)


def answer(value: int) -> Instruction:
    return (ANSWER, 0, 0, value)


def when(number: int | None, block: list[Instruction]) -> list[Instruction]:
    """The block, which answers on every way through it, for this call only."""
    return [] if number is None else [(IF_EQUAL, 0, len(block), number), *block]


def allow_only(*values: int) -> list[Instruction]:
    return [*(step for value in values for step in ((IF_EQUAL, 0, 1, value), answer(ALLOWED))), answer(REFUSED)]


def require(position: int, value: int) -> list[Instruction]:
    return [load_argument(position), (IF_EQUAL, 1, 0, value), answer(REFUSED)]


def refuse_only(*values: int) -> list[Instruction]:
    return [*(step for value in values for step in ((IF_EQUAL, 0, 1, value), answer(REFUSED))), answer(ALLOWED)]


def refuse_bits(bits: int) -> list[Instruction]:
    return [(IF_ANY_BIT, 0, 1, bits), answer(REFUSED), answer(ALLOWED)]

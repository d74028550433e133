"""The filter of system calls as a program: for both architectures, every way through it ends in an answer."""

import pytest

from gateway.confinement import call_numbers
from gateway.confinement.call_filter import (
    ALLOWED,
    AND,
    ANSWER,
    ARCHITECTURE,
    ARCHITECTURES,
    ARGUMENTS,
    IF_ABOVE,
    IF_ANY_BIT,
    IF_EQUAL,
    LOAD,
    NOT_THERE,
    NUMBER,
    REFUSED,
    Instruction,
    build,
)

GROUPS = (call_numbers.OTHER_PROCESSES, call_numbers.SHARED_MEMORY, call_numbers.FILES, call_numbers.CONNECTIONS)


def run(program: list[Instruction], name: int, number: int, *arguments: int) -> int:
    """As the kernel would."""
    word, at = 0, 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        match code:
            case _ if code == LOAD:
                given = {ARGUMENTS + 8 * n: argument & 0xFFFFFFFF for n, argument in enumerate(arguments)}
                word = ({ARCHITECTURE: name, NUMBER: number} | given)[value]
            case _ if code == AND:
                word &= value
            case _ if code == ANSWER:
                return value
            case _:
                truth = {IF_EQUAL: word == value, IF_ABOVE: word > value, IF_ANY_BIT: bool(word & value)}[code]
                at += if_true if truth else if_false


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_is_listed_is_refused_and_nothing_else(machine: str) -> None:
    column, name = ARCHITECTURES[machine]
    program = build(machine, network=False, signals=(42,), truncate=True)
    refused = {number for group in GROUPS for numbers in group.values() if (number := numbers[column]) is not None}
    unknown = {numbers[column] for numbers in call_numbers.UNKNOWN.values()}
    some = {numbers[column] for numbers in call_numbers.SOME.values()}
    for number in range(call_numbers.LAST_KNOWN + 1):
        expected = REFUSED if number in refused else NOT_THERE if number in unknown else ALLOWED
        if number not in some:
            assert run(program, name, number) == expected, number
    assert not some & (refused | unknown)
    assert run(program, name, call_numbers.LAST_KNOWN + 1) == NOT_THERE
    assert run(program, name, 0x40000000) == NOT_THERE  # the third set of numbers of x86-64
    assert run(program, name + 1, 0) == REFUSED  # 32-bit calls, which have other numbers
    assert len(program) < 4096  # the kernel's own limit


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_some_calls_are_refused_by_their_arguments(machine: str) -> None:
    column, name = ARCHITECTURES[machine]
    program = build(machine, network=False, signals=(42,), truncate=True)
    open_ = build(machine, network=True, signals=None, truncate=False)

    def answer(built: list[Instruction], call: str, *arguments: int) -> bool:
        number = call_numbers.SOME[call][column]
        assert number is not None
        return run(built, name, number, *arguments) == ALLOWED

    assert [answer(program, "kill", pid) for pid in (0, 42, 43, -1, 1)] == [True, True, False, False, False]
    assert [answer(open_, "kill", pid) for pid in (42, -1)] == [True, True]
    assert [answer(open_, "socket", family) for family in (1, 2, 10, 16)] == [False, True, True, False]
    assert [answer(program, "socket", family) for family in (1, 2, 10, 16)] == [False] * 4
    assert [answer(program, "socketpair", 1, kind) for kind in (1, 2, 1 | 0o4000, 5)] == [True, False, True, False]
    assert not answer(program, "socketpair", 2, 1)
    assert [answer(program, "clone", flags) for flags in (0x01200011, 0x10000000, 0x8000)] == [True, False, False]
    assert [answer(program, "openat", 0, 0, flags) for flags in (0o1000, 0o1001, 0)] == [False, True, True]
    assert answer(open_, "openat", 0, 0, 0o1000)
    assert [answer(program, "prlimit64", pid) for pid in (0, 7)] == [True, False]


def test_a_machine_whose_calls_are_not_known_is_refused_by_name() -> None:
    with pytest.raises(OSError, match="riscv64"):
        build("riscv64", network=False, signals=None, truncate=False)

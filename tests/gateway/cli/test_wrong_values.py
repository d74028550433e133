"""A value that an option cannot take is told in the field's words: which option, which value, what it can be."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from gateway.cli.main import app
from gateway.cli.text.wrong_values import problem_of
from tests.gateway.cli.conftest import CommandLine

LIBRARYS_OWN = ("Input should", "Value error", "unable to parse", "Invalid value")
RUNS_ON = {"serve", "worker", "demo", "drill", "migrate"}  # begin before, or whatever, they are told

HIDDEN = {"--webhook-url"}  # its path is a secret


def options(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each option of each command that takes a value, and by which words the command is called, arguments and all."""
    context = typer.Context(command, info_name="gateway")
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            if path or name not in RUNS_ON:
                yield from options(command.get_command(context, name), (*path, name))
        return
    needed = [one for one in command.params if one.required]
    words = (word for one in needed for word in ((one.opts[0], "1") if one.opts[0].startswith("-") else ("1",)))
    called = (*path, *words)
    for one in command.params:
        if one.opts[0].startswith("-") and not one.is_flag:
            yield called, one


ALL = [(called, one.opts[0]) for called, one in options(typer.main.get_command(app))]


@pytest.mark.parametrize("value", ["x y", "-1", "", "nan", "1e999", "9" * 40])
def test_no_option_answers_in_a_librarys_words(elsewhere: CommandLine, value: str) -> None:
    assert len(ALL) > 50
    refused = 0
    for called, option in ALL:
        ran = elsewhere(*called, option, value)
        assert not [words for words in LIBRARYS_OWN if words in ran.err], (called, option, ran.err)
        if ran.code == 2 and ran.err.startswith(f"gateway: {option} "):
            refused += 1
            assert len(ran.err.splitlines()) == 1
            assert repr(value) in ran.err or option in HIDDEN
    assert refused > 10  # whole numbers, choices, times


def problem(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(kind).validate_python(value)
    return problem_of(dict(wrong.value.errors()[0]))


def test_what_is_wrong_is_said_with_what_it_can_be() -> None:
    assert problem(int, "x") == "'x' is not a whole number"
    assert problem(float, "x") == "'x' is not a number"
    assert problem(FiniteFloat, "inf") == "'inf' is not a number that can be counted with"
    assert problem(Annotated[int, Field(ge=1)], "0") == "'0' is less than 1, the least that it can be"
    assert problem(Annotated[int, Field(le=500)], "501") == "'501' is more than 500, the most that it can be"
    assert problem(Annotated[float, Field(gt=0)], "0") == "'0' is not above 0.0"
    assert problem(Annotated[float, Field(lt=1)], "1") == "'1' is not below 1.0"
    assert problem(Literal["a"], "b").startswith("'b': ")  # nothing is lost of what is not known


@given(st.text(max_size=20))
def test_the_value_is_named_whatever_it_is(value: str) -> None:
    try:
        int(value)
    except ValueError:
        assert problem(int, value) == f"{value!r} is not a whole number"


def test_a_list_of_a_version_that_is_not_there_says_so(gateway: CommandLine) -> None:
    for command in (
        ("jobs", "list"),
        ("jobs", "count"),
        ("users", "list"),
        ("users", "facts", "ana"),
        ("rollout", "looks"),
    ):
        absent, there = gateway(*command, "--pipeline", "v9"), gateway(*command, "--pipeline", "v2")
        assert (absent.code, absent.err) == (0, "there is no version 'v9': v1, v2\n"), command
        assert (there.code, there.err) == (0, ""), command

"""Says what is wrong with an option's value as a person would, in place of the words of the library that reads it."""

from collections.abc import Mapping
from typing import Any, Final

KINDS: Final = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number that can be counted with",
    "bool_parsing": "is neither yes nor no",
}
BOUNDS: Final = {
    "greater_than": ("gt", "is not above {}"),
    "greater_than_equal": ("ge", "is less than {}, the least that it can be"),
    "less_than": ("lt", "is not below {}"),
    "less_than_equal": ("le", "is more than {}, the most that it can be"),
}
OWN_WORDS: Final = "value_error"  # of a list of choices: those words name the value themselves


def problem_of(error: Mapping[str, Any]) -> str:
    """`'x' is not a whole number`, of one of a pydantic ValidationError's `errors()`."""
    kind, value = error["type"], error["input"]
    if kind == OWN_WORDS:
        return str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    if kind in BOUNDS:
        bound, words = BOUNDS[kind]
        return f"{value!r} {words.format(error['ctx'][bound])}"
    return f"{value!r} {KINDS[kind]}" if kind in KINDS else f"{value!r}: {error['msg']}"

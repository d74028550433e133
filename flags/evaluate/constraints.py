"""Unleash constraints compiled to plain functions; what is not surely the same as the SDK is left to it."""

import re
from collections.abc import Callable

from flags.document.document import Constraint

_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')  # the engine pastes values into a rule text: quotes are its own affair
_NUMBER = re.compile(r"(0|[1-9]\d{0,9})(\.\d{1,6})?")


class NotCompiled(Exception):
    """This document says something that only the SDK knows how to read."""


def compile_user_constraint(constraint: Constraint) -> Callable[[str], bool]:
    """A test on the user id. Raises NotCompiled."""
    test = _user_test(constraint)
    return (lambda user: not test(user)) if constraint.inverted else test


def compile_bucket_constraint(constraint: Constraint) -> Callable[[int], bool]:
    """A test on the user's bucket. Raises NotCompiled."""
    test = _bucket_test(constraint)
    return (lambda bucket: not test(bucket)) if constraint.inverted else test


def _user_test(constraint: Constraint) -> Callable[[str], bool]:
    values = _plain(constraint)
    members = frozenset(values)
    if not values and constraint.operator.startswith("STR_"):
        raise NotCompiled("no text to look for")  # false in the engine, inverted or not
    match constraint.operator:
        case "IN":
            return members.__contains__
        case "NOT_IN":
            return lambda user: user not in members
        case "STR_STARTS_WITH":
            return lambda user: user.startswith(values)
        case "STR_ENDS_WITH":
            return lambda user: user.endswith(values)
        case "STR_CONTAINS":
            return lambda user: any(value in user for value in values)
        case operator:
            raise NotCompiled(f"operator {operator} on userId")


def _bucket_test(constraint: Constraint) -> Callable[[int], bool]:
    if constraint.operator in {"IN", "NOT_IN"}:
        members = frozenset(_plain(constraint))
        wanted = constraint.operator == "IN"
        return lambda bucket: (str(bucket) in members) is wanted
    if constraint.value is None or not _NUMBER.fullmatch(constraint.value):
        raise NotCompiled(f"bucket compared with {constraint.value!r}")
    limit = float(constraint.value)
    match constraint.operator:
        case "NUM_LT":
            return lambda bucket: bucket < limit
        case "NUM_LTE":
            return lambda bucket: bucket <= limit
        case "NUM_GT":
            return lambda bucket: bucket > limit
        case "NUM_GTE":
            return lambda bucket: bucket >= limit
        case "NUM_EQ":
            return lambda bucket: bucket == limit
        case operator:
            raise NotCompiled(f"operator {operator} on bucket")


def _plain(constraint: Constraint) -> tuple[str, ...]:
    values = constraint.values or ()
    if constraint.case_insensitive:
        raise NotCompiled("case-insensitive constraint")
    if not all(_PLAIN.fullmatch(value) for value in values):
        raise NotCompiled("quotes or control characters in a value")
    return values

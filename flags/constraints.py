"""Unleash constraints compiled to plain functions; what is not surely the same as the SDK is left to it. Pure."""

import re
from collections.abc import Callable

from flags.document import Constraint

Test = Callable[[str, int], bool]  # (user id, bucket) -> holds

_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')  # the engine pastes values into a rule text: quotes are its own affair
_NUMBER = re.compile(r"(0|[1-9]\d{0,9})(\.\d{1,6})?")


class NotCompiled(Exception):
    """This document says something that only the SDK knows how to read."""


def compile_constraint(constraint: Constraint) -> Test:
    """A test on the user id or on the bucket. Raises NotCompiled."""
    if constraint.case_insensitive:
        raise NotCompiled("case-insensitive constraint")
    if constraint.context_name == "userId":
        test = _text_test(constraint)
    elif constraint.context_name == "bucket":
        test = _bucket_test(constraint)
    else:
        raise NotCompiled(f"constraint on {constraint.context_name}")
    return (lambda user, bucket: not test(user, bucket)) if constraint.inverted else test


def _text_test(constraint: Constraint) -> Test:
    values = _plain(constraint.values or ())
    members = frozenset(values)
    if not values and constraint.operator.startswith("STR_"):
        raise NotCompiled("no text to look for")  # false in the engine, inverted or not
    match constraint.operator:
        case "IN":
            return lambda user, _bucket: user in members
        case "NOT_IN":
            return lambda user, _bucket: user not in members
        case "STR_STARTS_WITH":
            return lambda user, _bucket: user.startswith(values)
        case "STR_ENDS_WITH":
            return lambda user, _bucket: user.endswith(values)
        case "STR_CONTAINS":
            return lambda user, _bucket: any(value in user for value in values)
        case operator:
            raise NotCompiled(f"operator {operator} on userId")


def _bucket_test(constraint: Constraint) -> Test:
    if constraint.operator in {"IN", "NOT_IN"}:
        members = frozenset(_plain(constraint.values or ()))
        wanted = constraint.operator == "IN"
        return lambda _user, bucket: (str(bucket) in members) is wanted
    if constraint.value is None or not _NUMBER.fullmatch(constraint.value):
        raise NotCompiled(f"bucket compared with {constraint.value!r}")
    limit = float(constraint.value)
    match constraint.operator:
        case "NUM_LT":
            return lambda _user, bucket: bucket < limit
        case "NUM_LTE":
            return lambda _user, bucket: bucket <= limit
        case "NUM_GT":
            return lambda _user, bucket: bucket > limit
        case "NUM_GTE":
            return lambda _user, bucket: bucket >= limit
        case "NUM_EQ":
            return lambda _user, bucket: bucket == limit
        case operator:
            raise NotCompiled(f"operator {operator} on bucket")


def _plain(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_PLAIN.fullmatch(value) for value in values):
        raise NotCompiled("quotes or control characters in a value")
    return values

"""What forms send, read with the standard library."""

import contextlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import BadRequest
from gateway.web.console.forms import MOST_FIELDS, FieldError, parse_form

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@given(st.dictionaries(TEXT, TEXT, max_size=5))
def test_what_was_typed_is_read_as_it_is(fields: dict[str, str]) -> None:
    read = parse_form(urlencode(fields).encode())
    assert dict(read.values) == {name: value.strip() for name, value in fields.items()}


@given(st.binary(max_size=60))
def test_any_body_is_a_form_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadRequest):
        parse_form(body)


def test_what_no_page_sends_is_refused() -> None:
    for body in (b"\xff=1", b"a=%00", b"a=%ff", b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1))):
        with pytest.raises(BadRequest):
            parse_form(body)


@pytest.mark.parametrize(("typed", "number"), [("50", 50), ("12,4", 12.4), ("12.4 %", 12.4), ("1e2", 100)])
def test_numbers_are_read_as_people_write_them(typed: str, number: float) -> None:
    assert parse_form(urlencode({"percent": typed}).encode()).number("percent") == number


def test_a_wrong_field_is_named() -> None:
    form = parse_form(urlencode({"percent": "half", "why": "x" * 1001}).encode())
    for read in (lambda: form.number("percent"), form.why, lambda: form.required("row", "is missing")):
        with pytest.raises(FieldError):
            read()

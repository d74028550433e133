"""The history's rows in words, from values alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rollout.history import Entry
from gateway.web.console.pages.history.view import PAGE, Material, history_view, still_stands, who_text
from gateway.web.console.pages.history.wanted import WHATS, WantedRows
from gateway.web.console.unread import Unread

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
DIAL = {"percent": 25, "enabled": True, "shadow_percent": 0, "forced_in": [], "forced_out": [], "candidate": "v2"}


def entry(row: int = 1, **more: Any) -> Entry:
    before, after = {**DIAL, "dial": 25, "version": "a"}, {**DIAL, "dial": 0, "enabled": False, "version": "b"}
    fields: dict[str, Any] = {
        "id": row, "at": NOW - timedelta(minutes=row), "what": "rollout", "actor": "op-1", "via": "console", "why": "",
        "before": before, "after": after, "revision": "b",
    }  # fmt: skip
    return Entry(**{**fields, **more})


def shown(rows: list[Entry], **more: Any) -> Any:
    fields: dict[str, Any] = {"waiting": 0, "version": "b", "overridden": False, **more}
    return history_view(WantedRows(), Material(rows, **fields), NOW)


@pytest.mark.parametrize(
    ("more", "undo", "one_click"),
    [
        ({}, True, True),
        ({"via": "guard", "actor": "guard"}, True, False),  # needs a reason
        ({"after": {**DIAL, "dial": 5, "version": "older"}}, True, False),  # somebody came after
        ({"before": None}, False, False),
        ({"what": "ramp", "before": None, "after": {"ramp": "paused", "step": 2}}, False, False),
        ({"what": "override", "before": {"override": True}, "after": {"override": False}}, True, True),
        ({"what": "override", "before": {"override": False}, "after": {"override": True}}, True, False),
        ({"what": "note", "before": None, "after": {"about": 7}}, False, False),
        ({"what": "rollout", "before": DIAL, "after": DIAL}, False, False),  # only a reason
    ],
)
def test_undo_is_offered_where_something_can_be_put_back(more: dict[str, Any], undo: bool, one_click: bool) -> None:
    (row,) = shown([entry(**more)]).rows
    assert (bool(row.undo), row.one_click) == (undo, one_click)
    assert row.can_note == (more.get("what") != "note")


def test_a_rollout_that_is_not_known_stands_for_nothing() -> None:
    assert not still_stands(entry(), Material([], 0, None, overridden=False))


@pytest.mark.parametrize(
    ("actor", "via", "told"),
    [
        ("op-1", "console", "op-1, console"), ("ramp 3", "ramp", "ramp 3"), ("guard", "guard", "guard"),
        ("unknown", "unleash", "seen in Unleash: one or more changes, by whom is not known there"),
        ("ada", "unleash", "seen in Unleash: one or more changes, by ada"),
        ("unknown", "file", "seen in the flag file: one or more changes, by whom is not known there"),
    ],
)  # fmt: skip
def test_who_did_it_and_what_was_only_seen(actor: str, via: str, told: str) -> None:
    assert who_text(entry(actor=actor, via=via)) == told


def test_the_verdict_of_then_and_all_numbers_stand_in_the_row() -> None:
    verdict = {"findings": [{"check": "failures", "phase": "harm", "message": "9 of 74 failed"}]}
    (row,) = shown([entry(after={**DIAL, "dial": 0, "version": "b", "verdict": verdict})]).rows
    assert row.verdict == ("failures: 9 of 74 failed",)
    numbers = {name: (was, now) for name, was, now in row.numbers}
    assert numbers["dial"] == ("25", "0")
    assert not {"verdict", "version"} & set(numbers)


def test_rows_that_arrive_wait_and_older_ones_are_a_page_away() -> None:
    view = shown([entry(n) for n in range(1, PAGE + 2)], waiting=3)
    assert (len(view.rows), view.waiting) == (PAGE, "3 new")
    assert f"before={PAGE}" in view.older
    assert shown([entry()]).older == ""
    away = history_view(WantedRows(), Material(Unread("The history", "away"), 0, None, overridden=False), NOW)
    assert isinstance(away.rows, Unread), "the rest of the page stands"


@given(
    st.builds(
        WantedRows,
        what=st.sampled_from([None, *WHATS]),
        who=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(str.strip),
        since=st.sampled_from(["", "7d", "20:40"]),
        before=st.none() | st.integers(1, 2**63 - 1),
        upto=st.none() | st.integers(1, 2**63 - 1),
    )
)
def test_an_address_says_what_is_asked_for(wanted: WantedRows) -> None:
    assert WantedRows.read(dict(parse_qsl(urlsplit(wanted.address()).query)), NOW) == wanted


@given(st.dictionaries(st.sampled_from(["what", "who", "since", "before", "upto"]), st.text(max_size=30)))
def test_no_address_breaks_the_page(query: dict[str, str]) -> None:
    wanted = WantedRows.read(query, NOW)
    assert wanted.entries(NOW).what in {None, *WHATS}
    assert wanted.address().isascii()

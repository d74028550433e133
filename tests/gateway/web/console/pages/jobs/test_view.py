"""What the page of jobs asks for and shows, from values alone."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.jobs.listing import JobCount, ListedJob
from gateway.jobs.orders.preview import OrderPreview
from gateway.web.console.pages.jobs.one import bars_of, facts_of
from gateway.web.console.pages.jobs.read import count_new
from gateway.web.console.pages.jobs.view import Material, jobs_view
from gateway.web.console.pages.jobs.wanted import CAUSES, PAGE, STATUSES, WantedPage, packed, unpacked
from gateway.web.console.unread import Unread

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(str.strip)


def job(n: int, status: Any = "failed", **more: Any) -> ListedJob:
    fields: dict[str, Any] = {
        "id": str(UUID(int=n)), "user_id": f"u{n}", "status": status, "pipeline": "v1", "reason": "flag",
        "step": "facts", "progress": 60, "attempts": 1, "created_at": NOW - timedelta(seconds=n), "started_at": None,
        "completed_at": None, "error": "words", "cause": None, "waiting_for": None, "pinned": False,
    }  # fmt: skip
    return ListedJob(**{**fields, **more})


@given(st.lists(st.uuids(), max_size=PAGE))
def test_the_rows_of_a_page_are_held_in_its_address(ids: list[UUID]) -> None:
    text = packed(ids)
    assert unpacked(text) == tuple(ids)
    assert len(text) < 900


@given(st.text(max_size=60) | st.binary(max_size=2000).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_what_is_no_list_of_jobs_holds_none(text: str) -> None:
    assert len(unpacked(text)) <= PAGE


@given(
    st.builds(
        WantedPage,
        status=st.sampled_from([None, *STATUSES]),
        pipeline=TEXT,
        step=TEXT,
        user=TEXT,
        cause=st.sampled_from([None, *CAUSES]),
        since=st.sampled_from(["24h", "7d", "yesterday", ""]),
        after=st.none() | st.uuids(),
        held=st.lists(st.uuids(), max_size=3).map(tuple),
    )
)
def test_an_address_says_what_is_asked_for(wanted: WantedPage) -> None:
    query: Mapping[str, str] = dict(parse_qsl(urlsplit(wanted.address()).query, keep_blank_values=True))
    assert WantedPage.read(query, NOW) == wanted


@given(st.dictionaries(st.sampled_from(["status", "since", "after", "held", "cause", "user"]), st.text(max_size=50)))
def test_no_address_breaks_the_page(query: dict[str, str]) -> None:
    wanted = WantedPage.read(query, NOW)
    assert wanted.jobs(NOW).status in {None, *STATUSES}
    assert wanted.address().isascii()


@pytest.mark.parametrize(
    ("status", "more", "action", "where"),
    [
        ("pending", {}, "Cancel job", ""), ("processing", {}, "Cancel job", "facts 60\u2009%"),
        ("processing", {"waiting_for": "provider"}, "Cancel job", "waits for the provider"),
        ("failed", {}, "Retry job", "at facts"), ("cancelled", {}, "Retry job", "at facts"), ("complete", {}, "", ""),
        ("failed", {"pipeline": None}, "", "at facts"),
    ],
)  # fmt: skip
def test_a_row_says_where_it_is_and_what_can_be_done(
    status: Any, more: dict[str, Any], action: str, where: str
) -> None:
    view = jobs_view(WantedPage(), Material([job(1, status, **more)], [], [], ()), NOW, PAGE)
    assert not isinstance(view.rows, Unread)
    (row,) = view.rows
    assert (row.action, row.where) == (action, where)
    assert "words" not in str(row), "an error's text may quote a file"


def test_all_that_match_are_offered_by_status_and_how_many() -> None:
    counts = [JobCount("pending", 14, False), JobCount("failed", 1000, True), JobCount("complete", 3, False)]
    view = jobs_view(WantedPage(), Material([], counts, [], ()), NOW, PAGE)
    assert [one.text for one in view.offers] == ["Retry all 1,000+ failed …", "Cancel all 14 pending …"]
    narrowed = jobs_view(WantedPage(status="complete"), Material([], counts, [], ()), NOW, PAGE)
    assert narrowed.offers == ()
    preview = OrderPreview("retry", 1, more=False, by_pipeline={"v1": 1}, moved=0)
    confirm = jobs_view(WantedPage(status="failed"), Material([], counts, [], (), preview=preview), NOW, PAGE).confirm
    assert confirm is not None
    assert (confirm.button, confirm.line) == ("Retry 1 job", "1 jobs would begin anew: 1 v1.")


@given(st.integers(0, 10), st.integers(0, 10))
def test_what_is_new_is_what_came_since(old: int, new: int) -> None:
    shown = [job(100 + n) for n in range(old)]
    came = [job(n) for n in range(new)]
    assert count_new([*came, *shown], shown) == new
    assert count_new(Unread("what is new", "away"), shown) == 0


def row(**more: Any) -> Any:
    fields = {
        "id": str(UUID(int=1)), "user_id": "u", "status": "failed", "pipeline": "v2", "reason": "flag", "dial": 25.0,
        "revision": "r", "pinned": False, "shadow": None, "step": "sections", "progress": 60, "attempts": 3,
        "worker": "w",
        "conversation_count": 2, "message_count": None, "created_at": NOW, "started_at": NOW + timedelta(seconds=3),
        "completed_at": NOW + timedelta(seconds=40), "cause": "pipeline", "waiting_for": None, "waits": 0,
        "dials": None, "refused": None, "warnings": [],
    }  # fmt: skip
    return SimpleNamespace(**{**fields, **more})


def test_a_jobs_steps_are_bars_one_after_the_other_and_what_failed_is_the_last() -> None:
    steps = [SimpleNamespace(step="facts", version=1, seconds=9.0, created_at=NOW + timedelta(seconds=12))]
    bars = bars_of(row(), steps, 1)
    assert [(bar.name, bar.state) for bar in bars] == [("waiting", "done"), ("facts", "done"), ("sections", "failed")]
    assert [(bar.begin - NOW).total_seconds() for bar in bars] == [0, 3, 12]
    assert bars[-1].note == "3 tries"
    running = bars_of(row(status="processing", completed_at=None), steps, 1)[-1]
    assert (running.state, running.end) == ("running", None)
    waits = bars_of(row(status="pending", started_at=None, completed_at=None), [], 0)
    assert [(bar.name, bar.state, bar.end) for bar in waits] == [("waiting", "running", None)]
    assert bars_of(row(created_at=None), [], 0) == []
    facts = dict(facts_of(row(), steps, ("v1", "v2"), NOW).facts)
    assert (facts["Tries"], facts["Whose fault"], facts["Ran"]) == ("3", "pipeline", "37 s")
    assert "Sent" in facts
    assert "Put off" not in facts

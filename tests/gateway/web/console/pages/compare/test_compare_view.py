"""The list of pairs without anybody's words, its filters, and one pair with its marks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.config.moments import EVER
from gateway.shadow.report.harms import EffectCount
from gateway.shadow.report.overview import Overview, Spending
from gateway.shadow.report.queries import ListedPair, ShownPair
from gateway.shadow.report.report import Goal, Kind, PairCount
from gateway.web.console.pages.compare.marks import Part, marked, printable
from gateway.web.console.pages.compare.opened import Neighbours, open_pair
from gateway.web.console.pages.compare.openings import MOST, Openings
from gateway.web.console.pages.compare.read import neighbours
from gateway.web.console.pages.compare.view import PAGE, CompareView, Material, ShareForm, compare_view
from gateway.web.console.pages.compare.wanted import WantedPairs
from gateway.web.console.unread import Unread
from pipelines.capabilities import Capabilities
from tests.gateway.web.console.planted import SCRIPT, worst_comparison

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def effects(arm: str | None, users: int, lost: int) -> list[EffectCount]:
    return [EffectCount(arm, 0, False, ["lost"], True, lost), EffectCount(arm, 0, False, [], False, users - lost)]


OVERVIEW = Overview(
    PairCount("v1", "v2", 640), (PairCount("v1", "v2", 640),), tuple(effects(None, 640, 20) + effects("v1", 64, 2)),
    (Kind("facts: only one has interest", 210, 34, "x"), Kind("sections.rules: worse", 300, 1, "y")),
    {"shadow": 640, "noise": 64},
)  # fmt: skip


def listed(count: int, harms: Sequence[str] = ("lost",)) -> list[ListedPair]:
    return [ListedPair(f"{n:032x}", "shadow", "v1", "v2", "worse_covered", 0.5, NOW, list(harms)) for n in range(count)]


MATERIAL = Material(
    OVERVIEW, listed(3), Spending(None), {"v2": Capabilities(differs={"sections.rules": "it reads more"})}, (100, 5.0)
)


def view_of(wanted: WantedPairs | None = None, share: float = 10, **changed: object) -> CompareView:
    form = ShareForm("10 %", "1")
    return compare_view(wanted or WantedPairs(), replace(MATERIAL, **changed), form, share)  # type: ignore[arg-type]


def test_every_kind_stands_beside_what_equal_runs_show_of_it() -> None:
    view = view_of()
    assert isinstance(view.harms, list)
    assert [(row.text, row.users, row.noise, row.within_noise) for row in view.harms][2] == (
        "facts lost",
        "20",
        "2",
        True,
    )
    assert [row.text for row in view.kinds] == ["facts: only one has interest"]
    assert [(row.text, row.why) for row in view.by_design] == [("sections.rules: worse", "it reads more")]
    assert [row.text for row in view_of(WantedPairs(folded=False)).kinds][1] == "sections.rules: worse"


def test_pairs_that_differ_no_more_than_equal_runs_say_so() -> None:
    view = view_of(pairs=[*listed(1), *listed(1, ["wrong_person", "lost"]), *listed(1, [])])
    assert isinstance(view.pairs, list)
    assert [pair.within_noise for pair in view.pairs] == [True, False, False]
    assert [pair.harms for pair in view.pairs] == ["facts lost", "wrong person, facts lost", "no harm"]
    assert (view.more, view_of(pairs=listed(PAGE)).more) == ("", f"/console/compare?after={PAGE - 1:032x}")


@pytest.mark.parametrize(
    ("share", "spending", "says"),
    [
        (0, Spending(None), "Nothing is compared: the share is 0\N{THIN SPACE}%."),
        (
            0,
            Spending(Goal(0.02, EVER, "op-1", NOW, NOW, "harm is bounded")),
            "the goal was reached on 2026-11-28 12:00 UTC",
        ),
        (10, Spending(None, tokens=100), "budget is spent until 00:00 UTC"),
        (10, Spending(None, cost_usd=5.0), "budget is spent until 00:00 UTC"),
        (10, Spending(None), ""),
        (10, Unread("The budget", "away"), ""),
    ],
)
def test_why_nothing_is_compared_is_said(share: float, spending: Spending | Unread, says: str) -> None:
    stopped = view_of(share=share, spending=spending).stopped
    assert says in stopped if says else stopped == ""


def test_a_part_that_cannot_be_read_takes_no_other_with_it() -> None:
    away = Unread("What comparisons say", "the database does not answer")
    view = view_of(overview=away)
    assert view.harms == away
    assert len(view.pairs) == 3  # type: ignore[arg-type]
    assert view_of(pairs=away).pairs == away
    assert view_of(overview=Overview(None, ())).says == "Nothing was compared in this time."


@given(
    st.dictionaries(
        st.sampled_from(["since", "class", "kind", "order", "fold", "after"]),
        st.text(max_size=50)
        | st.sampled_from(["7d", "same", "new", "0", "00000000-0000-4000-8000-0000000000ff", "2026-11-01"]),
    )
)
@settings(max_examples=150)
def test_whatever_an_address_says_the_links_of_its_page_say_the_same(query: dict[str, str]) -> None:
    wanted = WantedPairs.read(query, NOW)
    assert wanted.moment(NOW).tzinfo is not None
    address = wanted.address()
    again = WantedPairs.read(dict(_fields(address)), NOW)
    assert again == wanted


def _fields(address: str) -> list[tuple[str, str]]:
    return parse_qsl(address.partition("?")[2], keep_blank_values=True)


def test_a_since_that_is_none_is_said_beside_its_field() -> None:
    wanted = WantedPairs.read({"since": "some time"}, NOW)
    assert wanted.problem == "'some time' is neither an age (7d, 24h, 90m) nor a date"
    assert WantedPairs.read({"since": "24h"}, NOW).moment(NOW) == NOW - timedelta(hours=24)
    assert WantedPairs.read({"since": ""}, NOW).moment(NOW) == EVER


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=150)
def test_marks_lose_no_word(one: str, other: str) -> None:
    for parts, text in zip(marked(one, other), (one, other), strict=True):
        assert " ".join(part.text for part in parts).split() == printable(text).split()
    both = [[part.text for part in parts if part.kind == "both"] for parts in marked(one, other)]
    assert both[0] == both[1]


def test_only_what_the_other_side_does_not_say_is_marked() -> None:
    assert marked("Lives in Lyon now", "Lives in Oslo now") == (
        [Part("both", "Lives in"), Part("only", "Lyon"), Part("both", "now")],
        [Part("both", "Lives in"), Part("only", "Oslo"), Part("both", "now")],
    )
    assert printable("a\u202eb\x1b[31m\nc") == "a b [31m c"


def test_one_pair_field_by_field_with_the_worst_first() -> None:
    pair = ShownPair(
        "id", "secret-user", "shadow", "v1", "v2", "one", "one", NOW, worst_comparison(), None, None, None, None, "v1"
    )
    opened = open_pair(pair, Neighbours("/console/compare"))
    assert [(row.sign, row.name, row.verdict, row.decides) for row in opened.fields] == [
        ("!", "fact: relation", "contradicts", True),
        ("-", "fact: interest", "missing", True),
        ("+", "fact: interest", "found", True),
        ("!", "sections.user.location", "contradicts", True),
        ("~", "total_chunks", "different", False),
    ]
    assert (opened.harms, opened.judge) == ("wrong person: 1, facts lost: 1", "v1")
    assert opened.agreeing_says == "1 field is the same, 0 in other words"
    assert SCRIPT in opened.fields[3].other[0].text  # as text: the template escapes it


def test_neighbours_are_those_of_the_list_that_a_pair_was_opened_from() -> None:
    wanted = WantedPairs(kind="a b", order="new")
    found = neighbours(listed(3), f"{1:032x}", wanted)
    assert found.place == "#2"
    assert found.previous == f"/console/compare/{0:032x}?kind=a+b&order=new"
    assert found.next.startswith(f"/console/compare/{2:032x}?")
    assert neighbours(listed(3), "other", wanted) == Neighbours("/console/compare?kind=a+b&order=new")
    assert neighbours(listed(1), f"{0:032x}", wanted).next == ""


def test_an_opening_is_written_down_once_however_long_the_page_stands_open() -> None:
    openings = Openings()
    with capture_logs() as logs:
        openings.note("op-1", "a", 0, live=False)
        for seconds in range(10, 300, 10):
            openings.note("op-1", "a", seconds, live=True)
        assert len(logs) == 1
        openings.note("op-1", "a", 300, live=False)  # opened again
        openings.note("op-2", "a", 301, live=True)  # the script's header does not hide a first look
        openings.note("op-1", "a", 900, live=True)  # it was closed meanwhile
    assert [(one["event"], one["operator"], one["job_id"]) for one in logs] == [
        ("pair_opened", name, "a") for name in ("op-1", "op-1", "op-2", "op-1")
    ]
    for number in range(MOST + 1):
        openings.note("op-1", str(number), 0, live=False)
    assert len(openings._seen) == MOST

"""Who gets what and whose data can be put back, from values alone."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.change.preview import reaches
from flags.evaluate.hashing import bucket
from flags.model import Rollout, VersionRollout
from gateway.restore.model import Run, Users
from gateway.restore.order import Leaving
from gateway.web.console.pages.who.restoring import Found, check_count, found_of, progress_of, sentences
from gateway.web.console.pages.who.subject import DIAL, moves_text, named_for_now, place
from gateway.web.console.pages.who.wanted import WantedRestore, WantedUsers

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(str.strip)


@given(st.text("abc123", min_size=1, max_size=8), st.integers(0, 1000))
def test_the_place_on_the_dial_agrees_with_what_the_flag_does(user: str, tenths: int) -> None:
    version = VersionRollout("v2", tenths / 10, enabled=True, group="g")
    told = place(version, user)
    assert (told.gets == "yes") == reaches(version, user)
    assert f"bucket {bucket('g', user):,} of 10,000" in told.at


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (VersionRollout("v2", 0, enabled=True, forced_in=("ann",)), "yes, by name"),
        (VersionRollout("v2", 0, enabled=False, forced_in=("ann",)), "no: its flag is off"),
        (VersionRollout("v2", 100, enabled=True, forced_out=("ann",)), "no, by name"),
        (VersionRollout("v2", 100, enabled=False), "no"),
    ],
)
def test_a_name_that_is_called_is_said(version: VersionRollout, told: str) -> None:
    assert place(version, "ann").gets == told


def test_for_whom_a_user_is_called_and_where_the_user_would_move() -> None:
    flags = (
        VersionRollout("v3", forced_out=("ann", "bob"), group="g"),
        VersionRollout("v2", forced_in=("ann",), group="h"),
    )
    rollout = Rollout(flags, 0.0, "a")
    assert [named_for_now(rollout, user) for user in ("ann", "bob", "cy")] == ["v2", "v1", DIAL]
    assert moves_text(rollout, "ann").startswith("v1 at 0, v2 from ")
    assert moves_text(rollout, " ") == ""


@pytest.mark.parametrize("typed", ["338", " 338", "3 38"])
def test_the_count_that_is_shown_is_taken(typed: str) -> None:
    assert check_count(typed, 338) == ""
    assert check_count("1,338", 1338) == ""


@given(st.text(max_size=8), st.integers(0, 10_000))
def test_no_other_count_puts_anything_back(typed: str, restorable: int) -> None:
    problem = check_count(typed, restorable)
    meant = typed.replace(",", "").replace(" ", "")
    is_right = meant.isascii() and meant.isdecimal() and int(meant) == restorable and restorable > 0
    assert (problem == "") == is_right


def test_whom_a_run_finds_and_whom_it_left_out() -> None:
    users = Users(restorable=5, published_since=2, missing=3, can_rerun=1, under_way=1)
    assert found_of(users, Leaving({"v2": 300, "v1": 38}, 3)).restorable == 338
    found = found_of(users, None)
    assert sentences(found, WantedRestore(to="v1")) == [
        "5 users can have their data back.",
        "3 users never had a result of v1, and keep what they have.",
        "1 job is under way and will publish after it: put back again then.",
    ]
    run = Run(1, "v1", "running", False, "op-1", "ticket", NOW, NOW, None, 15, 2, "v2", ["v1"])
    going = progress_of(run, found)
    assert (going.under_way, going.share, going.left_out) == (True, 75.0, ())
    assert "Users of v2 to v1: 15 have it back, under way (op-1" in going.line
    done = progress_of(Run(1, "v1", "done", False, "op-1", "", NOW, NOW, None, 15, 2), found)
    assert [line.partition(" ")[0] for line in done.left_out] == ["2", "3", "2"]
    assert progress_of(Run(1, "v1", "done", False, "op-1", "", NOW, NOW, None, 0, 0), Found(0, 0, 0)).share == 100


@given(st.builds(WantedUsers, IDS, IDS, st.sampled_from(["24h", "7d", "yesterday"]), IDS))
def test_an_address_says_who_is_asked_for(wanted: WantedUsers) -> None:
    assert WantedUsers.read(dict(parse_qsl(urlsplit(wanted.address()).query)), NOW) == WantedUsers(
        wanted.subject, wanted.version[:20], wanted.since, wanted.after
    )

"""Whatever is drawn, it stays inside the drawing, keeps text as text, and says the same numbers in a table."""

import math
import re
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.web.console.draw.axis import round_ticks, spread, time_ticks
from gateway.web.console.draw.bars import BREAK, Bar, draw_bars, place_of, stretches
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.lane import Part, Tick, draw_lane
from gateway.web.console.draw.lines import ROWS, DialStep, Picture, draw_lines
from gateway.web.console.draw.mark import mark, shape_of
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.draw.svg import Chart, Svg

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
HOSTILE = "<script>alert(\"1\")</script> & 'quotes' ]]>"
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)
versions = st.sampled_from(["v1", "v2", "v10", HOSTILE])
orders = st.integers(0, 7)
moments = st.floats(0, 1e7).map(lambda seconds: NOON + timedelta(seconds=seconds))
numbers = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    ats = sorted(draw(st.lists(moments, max_size=30)))
    points = []
    for at in ats:
        low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
        points.append(Point(at, value, low, high))
    return Line(draw(versions), draw(orders), points, draw(texts))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    begin, end = sorted([draw(moments), draw(moments)])
    return Picture(
        lines=draw(st.lists(lines(), max_size=4)),
        begin=begin,
        end=end,
        shown=lambda value: f"{value:.3g} %",
        steps=[DialStep(at, text) for at, text in draw(st.lists(st.tuples(moments, texts), max_size=5))],
        limit=draw(st.none() | numbers),
        limit_text=draw(texts),
    )


@given(pictures())
@settings(max_examples=60, deadline=None)
def test_lines_stay_inside(picture: Picture) -> None:
    check(draw_lines("lines", "Failures", picture))


@given(
    st.lists(st.builds(Part, versions, orders, st.floats(0, 100)), max_size=5),
    st.lists(st.builds(Tick, st.floats(0, 100), st.sampled_from(["done", "now", "next"]), texts), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_shares_stay_inside(parts: list[Part], ticks: list[Tick]) -> None:
    check(draw_lane("lane", "Shares", parts, ticks))


@given(st.tuples(numbers, numbers, numbers).map(sorted), numbers, st.none() | numbers, texts, texts, orders)
@settings(max_examples=60, deadline=None)
def test_an_estimate_stays_inside(  # noqa: PLR0917 - each is drawn
    values: list[float], zero: float, limit: float | None, one: str, other: str, order: int
) -> None:
    low, value, high = values
    check(draw_interval("one", "Slower", order, Estimate(value, low, high, zero, one, limit, other), "{:.2f}".format))


@given(
    st.lists(
        st.builds(
            Bar, texts, moments, st.none() | moments, texts, st.sampled_from(["done", "running", "failed"]), orders
        ),
        max_size=12,
    ),
    moments,
)
@settings(max_examples=60, deadline=None)
def test_bars_stay_inside(bars: list[Bar], now: datetime) -> None:
    check(draw_bars("bars", "Steps", bars, now))


def check(chart: Chart) -> None:
    for drawn in (chart.wide, chart.narrow):
        root = ET.fromstring(drawn.text)
        width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
        assert [child.tag for child in root][:2] == ["title", "desc"]
        named = {child.attrib["id"] for child in root if "id" in child.attrib}
        assert named == set(root.attrib["aria-labelledby"].split())
        for part in root.iter():
            assert part.tag in {"svg", "title", "desc", "rect", "line", "path", "circle", "text"}
            assert not part.attrib.keys() & {"style", "onclick", "onload", "href"}
            for x, y in places(part):
                assert -0.1 <= x <= width + 0.1, ET.tostring(part)
                assert -0.1 <= y <= height + 0.1, ET.tostring(part)
    assert all(len(row) == len(chart.table.head) for row in chart.table.rows)


def places(part: ET.Element) -> list[tuple[float, float]]:
    """All corners of an element."""
    of = {name: float(value) for name, value in part.attrib.items() if NUMBERS.fullmatch(value)}
    match part.tag:
        case "rect":
            assert of["width"] >= 0
            return [(of["x"], of["y"]), (of["x"] + of["width"], of["y"] + of["height"])]
        case "line":
            return [(of["x1"], of["y1"]), (of["x2"], of["y2"])]
        case "circle":
            return [(of["cx"] - of["r"], of["cy"] - of["r"]), (of["cx"] + of["r"], of["cy"] + of["r"])]
        case "text":
            return [(of["x"], of["y"])]
        case "path":
            assert "nan" not in part.attrib["d"]
            found = [float(number) for number in NUMBERS.findall(part.attrib["d"])]
            steps = zip(found[::2], found[1::2], strict=True)  # the first place, and from each to the next
            return list(accumulate(steps, lambda at, step: (at[0] + step[0], at[1] + step[1])))
        case _:
            return []


def test_text_of_whatever_kind_stays_text() -> None:
    point = Point(NOON, 0.5, 0.1, 0.9)
    picture = Picture(
        [Line(HOSTILE, 1, [point], HOSTILE)], NOON, NOON + timedelta(hours=1), str, [DialStep(NOON, HOSTILE)]
    )
    for chart in (
        draw_lines("a", HOSTILE, picture),
        draw_lane("b", HOSTILE, [Part(HOSTILE, 0, 100)], [Tick(5, "now", HOSTILE)]),
        draw_bars("c", HOSTILE, [Bar(HOSTILE, NOON, None, HOSTILE)], NOON),
        draw_interval("d", HOSTILE, 1, Estimate(1, 0, 2, 0, HOSTILE, 3, HOSTILE), str),
    ):
        for drawn in (chart.wide.text, chart.narrow.text):
            assert "<script" not in drawn
            assert "&lt;script&gt;" in drawn


def test_a_version_is_told_by_its_shape_and_a_thicker_line_too() -> None:
    assert [shape_of(order) for order in range(4)] == ["circle", "diamond", "square", "triangle"]
    assert len({mark(order, 5, 5).text for order in range(6)}) == 6
    points = [Point(NOON + timedelta(minutes=at), 1, 0, 2) for at in range(3)]
    chart = draw_lines("a", "b", Picture([Line("v1", 0, points), Line("v2", 1, points)], NOON, points[-1].at, str))
    strokes = {part.attrib["class"]: part.attrib["stroke-width"] for part in parts_of(chart.wide, "line")}
    assert strokes["line v-1"] < strokes["line v-2"]
    assert {part.text for part in parts_of(chart.wide, "end")} == {"v1 1", "v2 1"}


def parts_of(drawn: Svg, class_: str) -> list[ET.Element]:
    root = ET.fromstring(drawn.text)
    return [part for part in root.iter() if part.tag != "svg" and class_ in part.attrib.get("class", "").split()]


def test_what_is_less_known_than_the_axis_is_high_begins_later() -> None:
    """At first an interval is all of it; a line is drawn from where its interval fits."""
    points = [Point(NOON + timedelta(minutes=at), 0.01, 0, 1 / (at + 1)) for at in range(100)]
    chart = draw_lines("a", "b", Picture([Line("v2", 1, points)], NOON, points[-1].at, str))
    drawn = parts_of(chart.wide, "line")[0].attrib["d"]
    assert len(drawn.split()) < 60
    assert len(chart.table.rows) >= ROWS


def test_too_few_are_said_in_words() -> None:
    """What is known well makes the axis; beside it a version with two users is not drawn."""
    known = [Point(NOON + timedelta(minutes=at), 0.01, 0.005, 0.015) for at in range(10)]
    little = [Point(NOON, 0.0, 0, 0.9), Point(NOON + timedelta(minutes=9), 0.0, 0, 0.8)]
    lines = [Line("v1", 0, known), Line("v2", 1, little, "v2: 2 users, too few to say")]
    wide = draw_lines("a", "b", Picture(lines, NOON, known[-1].at, str)).wide
    assert "too few" in wide.text
    assert [part.attrib["class"] for part in parts_of(wide, "line")] == ["line v-1"]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(2, 8))
def test_ticks_are_few_and_hold_all(low: float, span: float, most: int) -> None:
    ticks = round_ticks(low, low + span, most)
    assert len(ticks) <= most + 2
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] >= low + span - 1e-6 * max(1.0, abs(low))


@pytest.mark.parametrize("hours", [0.001, 0.1, 1, 5, 24, 100, 5000])
def test_moments_on_an_axis_are_round_and_few(hours: float) -> None:
    ticks = time_ticks(NOON, NOON + timedelta(hours=hours), 6)
    assert 1 <= len(ticks) <= 7
    assert all(NOON <= tick <= NOON + timedelta(hours=hours) for tick in ticks)


@given(st.lists(st.tuples(st.floats(-50, 150), st.floats(1, 30)), max_size=8))
def test_labels_keep_their_order_and_lie_beside_each_other(wanted: list[tuple[float, float]]) -> None:
    starts, sizes = [one[0] for one in wanted], [one[1] for one in wanted]
    placed = spread(starts, sizes, 0, 100)
    squeezed = min(1.0, 100 / (sum(sizes) or 1))
    for index, place in enumerate(placed):
        assert -1e-6 <= place <= 100
        if index:
            assert placed[index - 1] + sizes[index - 1] * squeezed <= place + 1e-6


def test_a_gap_above_twenty_times_the_median_is_broken() -> None:
    """Three steps of 10 s, an hour of nothing, one more: the steps stay wide."""
    second = timedelta(seconds=1)
    bars = [Bar(str(at), NOON + at * second, NOON + (at + 10) * second) for at in (0, 10, 20, 3630)]
    axis = stretches(bars, NOON, 0, 400 + BREAK)
    assert [part.broken for part in axis] == [False, True, False]
    assert place_of(axis, bars[0].end or NOON) == pytest.approx(100)
    assert axis[1].right - axis[1].left == BREAK
    near = [Bar(str(at), NOON + at * second, NOON + (at + 10) * second) for at in (0, 10, 20, 200)]
    assert [part.broken for part in stretches(near, NOON, 0, 100)] == [False]
    assert "60 min" in draw_bars("a", "b", bars, NOON).wide.text


def test_what_runs_still_reaches_until_now() -> None:
    chart = draw_bars("a", "b", [Bar("facts", NOON, None, "1 try", "running")], NOON + timedelta(seconds=12))
    assert chart.table.rows == (("facts", "2026-11-12 12:00:00 UTC", "12 s", "1 try"),)


def test_nothing_known_is_drawn_as_nothing() -> None:
    check(draw_lines("a", "b", Picture([], NOON, NOON, str)))
    check(draw_lane("a", "b", []))
    check(draw_bars("a", "b", [], NOON))
    check(draw_interval("a", "b", 1, Estimate(None, -1, 1), "{:g}".format))
    assert math.isfinite(stretches([Bar("a", NOON, NOON)], NOON, 0, 1)[0].right)

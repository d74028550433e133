"""Log events have one form, and no event is logged that the reference does not list."""

import re
from functools import cache
from pathlib import Path

import pytest

from docs.log_events import PACKAGES, ROOT, LogEvent, log_events, logs_page

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
LOGGER = re.compile(r"(?:structlog\.get_logger|logging\.getLogger)\(")


@cache
def all_events() -> list[LogEvent]:
    """Those of the packages: every file of them is read once."""
    return log_events()


def test_every_event_is_snake_case() -> None:
    events = all_events()
    assert len(events) > 40
    assert [event for event in events if not SNAKE_CASE.fullmatch(event.event)] == []


def test_an_event_has_one_level_wherever_it_is_logged_unless_it_says_what_it_was_during() -> None:
    levels: dict[str, set[str]] = {}
    for event in all_events():
        if "during" not in event.fields:
            levels.setdefault(event.event, set()).add(event.level)
    assert {name: found for name, found in levels.items() if len(found) > 1} == {}


def test_what_nobody_expected_is_named_so_and_has_a_traceback() -> None:
    assert [event for event in all_events() if event.has_traceback != event.event.endswith("_broke")] == []


def test_a_database_that_is_away_always_says_what_it_kept_from_being_done() -> None:
    away = [event for event in all_events() if event.event == "database_away"]
    assert len(away) > 5
    assert [event for event in away if event.fields[:2] != ("during", "error")] == []


def test_every_logger_is_called_log_so_that_its_events_are_found() -> None:
    texts = [path.read_text() for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    lines = [line for text in texts for line in text.splitlines()]
    loggers = [line for line in lines if LOGGER.search(line)]
    assert [line for line in loggers if not line.startswith("log = structlog.get_logger(")] == []


def test_the_page_lists_every_event() -> None:
    page = logs_page("")
    assert [event for event in all_events() if f"| `{event.event}` | {event.level} |" not in page] == []


def test_an_event_that_is_made_up_while_running_is_refused(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "flags" / "one.py").write_text("log.info(f'user {name} came')\n")
    with pytest.raises(ValueError, match=re.escape("flags/one.py:1: the event is not written out")):
        log_events(tmp_path)

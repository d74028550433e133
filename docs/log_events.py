"""Writes docs/reference/logs.md: each event that the code logs, with its level and fields, read from the source."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("flags", "gateway", "pipelines")
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error", "exception": "error"}
LOGGERS = ("log", "self._log")
TRACEBACKS = ("exc_info", "exception")  # an error at hand, or one that came as text from another process

INTRODUCTION = """# Log events

One JSON object a line (`LOG_FORMAT=text` for reading by eye), with `event`, `level`, `timestamp`, and `request_id`
where there is one. An event is `snake_case` and says what happened. One fault has one event: whoever meets a database
that does not answer logs `database_away`, with what it was doing in `during`. What nobody expected ends in `_broke`
and has a traceback.

No event holds text of a user: users are hashed, and errors of the database are told without the values they quote.
"""


@dataclass(frozen=True, slots=True, order=True)
class LogEvent:
    """One place that logs."""

    event: str
    level: str
    fields: tuple[str, ...]
    module: str
    has_traceback: bool


def log_events(root: Path = ROOT) -> list[LogEvent]:
    """All of them, by name. Raises ValueError for an event that is not written out where it is logged."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return sorted(event for path in paths for event in events_in(path, path.relative_to(root).as_posix()))


def events_in(path: Path, module: str) -> Iterator[LogEvent]:
    """The events of one file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            if ast.unparse(node.func.value) not in LOGGERS:
                continue
            fields = tuple(word.arg for word in node.keywords if word.arg not in (None, *TRACEBACKS))
            has_traceback = node.func.attr == "exception" or len(fields) < len(node.keywords)
            for event in names_of(node.args[0], f"{module}:{node.lineno}"):
                yield LogEvent(event, LEVELS[node.func.attr], tuple(map(str, fields)), module, has_traceback)


def names_of(argument: ast.expr, place: str) -> Iterator[str]:
    """The event's name, or both names of a choice."""
    match argument:
        case ast.Constant(value=str() as name):
            yield name
        case ast.IfExp(body=body, orelse=orelse):
            yield from names_of(body, place)
            yield from names_of(orelse, place)
        case _:
            raise ValueError(f"{place}: the event is not written out")


def logs_page(note: str) -> str:
    """The page."""
    places: dict[tuple[str, str], list[LogEvent]] = defaultdict(list)
    for event in log_events():
        places[event.event, event.level].append(event)
    rows = [row_of(name, level, events) for (name, level), events in places.items()]
    return f"{note}{INTRODUCTION}\n| event | level | fields | logged in |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def row_of(name: str, level: str, events: list[LogEvent]) -> str:
    """One event, wherever it is logged."""
    fields = dict.fromkeys(f"`{field}`" for event in events for field in event.fields)
    if any(event.has_traceback for event in events):
        fields["traceback"] = None
    modules = dict.fromkeys(f"`{event.module}`" for event in events)
    return f"| `{name}` | {level} | {', '.join(fields) or '-'} | {', '.join(modules)} |"

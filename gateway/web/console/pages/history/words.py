"""A row of the history in words, beside what was done: what the guard said then, and every number of it."""

from typing import Any, Final

from gateway.rollout.history import Entry

PUT_BACK: Final = ("rollout", "override")  # what an undo can put back
DETAILS: Final = ("verdict", "findings", "version")  # kept in a row, and shown apart or not at all


def verdict_lines(entry: Entry) -> list[str]:
    """What the guard found when it, or the ramp, did this; empty where nothing was kept."""
    found = entry.after.get("findings") or (entry.after.get("verdict") or {}).get("findings") or []
    lines = [finding for finding in found if isinstance(finding, dict) and finding.get("message")]
    return [f"{finding.get('check', '')}: {finding['message']}".removeprefix(": ") for finding in lines]


def all_numbers(entry: Entry) -> list[tuple[str, str, str]]:
    """Every field of the row, before and after, for whoever wants to see all of it."""
    before = entry.before or {}
    names = sorted({*before, *entry.after} - set(DETAILS))
    return [(name, value_text(before.get(name)), value_text(entry.after.get(name))) for name in names]


def value_text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "on" if value else "off"
        case float() | int():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "nobody"
        case _:
            return str(value)

"""The newest rows of the history and the line at the page's foot, ready to print."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flags.model import Pipeline
from gateway.rollout.history import Entry
from gateway.web.console.pages.now.seen import OpenJobs, Seen
from gateway.web.console.pages.now.three import not_read, since_text
from gateway.web.console.wording import count_text, percent_text, span_text

UNCHANGED: Final = "set to what it was"


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row. `undo`: the row that an undo names; None where there is nothing to undo."""

    id: int
    at: datetime
    time: str
    text: str
    why: str
    undo: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of the line at the foot. `parts`: words, and with a version those that are its."""

    name: str
    text: str
    parts: tuple[tuple[str, Pipeline], ...] = ()


def log_rows(entries: list[Entry], now: datetime) -> tuple[LogRow, ...]:
    """Rows as people read them."""
    return tuple(
        LogRow(entry.id, entry.at, since_text(entry.at, now), row_text(entry), why_text(entry), undo_of(entry))
        for entry in entries
    )


def row_text(entry: Entry) -> str:
    """What was done, and by whom."""
    return f"{what_text(entry)}, {entry.actor}"


def what_text(entry: Entry) -> str:
    """What was done."""
    before, after = entry.before or {}, entry.after
    match entry.what:
        case "rollout":
            return rollout_text(before, after)
        case "override":
            return "Override: everybody to the base" if after.get("override") else "Override lifted"
        case "note":
            return f"Said of change {after.get('about')}"
        case "ramp":
            steps = f" {after['steps']} %" if "steps" in after else f", step {after.get('step')}"
            return f"Ramp {str(after.get('ramp')).replace('_', ' ')}{steps}"
        case _:
            return other_text(entry, after)


def other_text(entry: Entry, after: dict[str, Any]) -> str:
    """What was done otherwise than to flags, override and ramp."""
    match entry.what:
        case "guard":
            said = {"rolled_back": "turned it off", "would_roll_back": "would have turned it off"}
            return f"The guard {said.get(str(after.get('guard')), str(after.get('guard')))}: {after.get('candidate')}"
        case "data":
            return data_text(after)
        case _:
            return f"{entry.what.capitalize()}: {entry.change or 'nothing'}"


def data_text(after: dict[str, Any]) -> str:
    """`Data put back to v1, done: 8 users`."""
    target, _, state = str(after.get("restore", "")).rpartition(", ")
    users = f": {count_text(after['restored'])} users" if "restored" in after else ""
    return f"Data put back {target}, {state}{users}"


def rollout_text(before: dict[str, Any], after: dict[str, Any]) -> str:
    """`v2: dial 5 % to 25 %`; who is called by name, what is compared."""
    version = str(after.get("candidate", ""))
    told = []
    if before.get("dial") != after.get("dial"):
        told.append(f"dial {dial_text(before.get('dial'))} to {dial_text(after.get('dial'))}")
    elif before.get("percent") != after.get("percent"):
        told.append(f"kept share {dial_text(before.get('percent'))} to {dial_text(after.get('percent'))}")
    if before.get("enabled") != after.get("enabled") and "enabled" in before:
        told.append("on" if after.get("enabled") else "off")
    if before.get("shadow_percent") != after.get("shadow_percent"):
        told.append(f"compared {dial_text(before.get('shadow_percent'))} to {dial_text(after.get('shadow_percent'))}")
    for field, word in (("forced_in", "always"), ("forced_out", "never")):
        old, new = set(before.get(field) or ()), set(after.get(field) or ())
        told += [f"{user} {word} on it" for user in sorted(new - old)]
        told += [f"{user} no more {word} on it" for user in sorted(old - new)]
    return f"{version}: {', '.join(told) or UNCHANGED}"


def dial_text(value: Any) -> str:
    return "unknown" if value is None else percent_text(float(value))


def why_text(entry: Entry) -> str:
    """The reason, as it was typed then or later."""
    later = [f"{note['actor']}: {note['why']}" for note in entry.notes]
    seen = ["made elsewhere"] if entry.via in {"unleash", "file"} else []
    return "; ".join(text for text in (*seen, entry.why, *later) if text)


def undo_of(entry: Entry) -> int | None:
    """Only flags and the override are put back by an undo, where it is known what was before."""
    return entry.id if entry.what in {"rollout", "override"} and entry.before is not None else None


def facts_of(seen: Seen) -> tuple[Fact, ...]:
    """Jobs, the queue, the last rollback's last start, the override, the rollback of data."""
    return (*job_facts(seen), last_start_fact(seen), override_fact(seen), restore_fact(seen))


def job_facts(seen: Seen) -> tuple[Fact, ...]:
    """What runs, and what waits."""
    jobs = seen.jobs.value
    if jobs is None:
        return (Fact("jobs", not_read("The jobs", seen.jobs.problem)),)
    running = jobs.of("processing")
    total = sum(running.values())
    parts = tuple((count_text(count), version) for version, count in sorted(running.items()))
    return (
        Fact(
            "jobs", f"{count_text(total)} {'job runs' if total == 1 else 'jobs run'}", parts if len(parts) > 1 else ()
        ),
        Fact("queue", queue_text(jobs)),
        *(Fact("waiting", f"{count_text(count)} wait for {service}") for service, count in jobs.services),
    )


def queue_text(jobs: OpenJobs) -> str:
    if not jobs.waits:
        return "None waits"
    waits = "waits" if jobs.waits == 1 else "wait"
    return f"{count_text(jobs.waits)} {waits}, the oldest for {span_text(jobs.oldest_seconds)}"


def last_start_fact(seen: Seen) -> Fact:
    """The worst of all processes that are heard of."""
    told = [one.last_start_seconds for one in seen.processes.value or () if one.live]
    known = [seconds for seconds in told if seconds is not None]
    if not known:
        return Fact("last-start", "No rollback since the processes started")
    return Fact("last-start", f"Last rollback: its last start after {span_text(max(known))}")


def override_fact(seen: Seen) -> Fact:
    override = seen.asked.override
    if override is None:
        return Fact("override", "Override: none")
    return Fact("override", f"Override: by {override.actor} since {since_text(override.since, seen.now)} UTC")


def restore_fact(seen: Seen) -> Fact:
    """The newest run that is not over."""
    if seen.restores.value is None:
        return Fact("restore", not_read("The data rollback", seen.restores.problem))
    run = seen.restores.value[0] if seen.restores.value else None
    if run is None or run.state != "running":
        return Fact("restore", "Data rollback: none under way")
    users = "user" if run.restored == 1 else "users"
    return Fact("restore", f"Data rollback to {run.target}: {count_text(run.restored)} {users} so far")

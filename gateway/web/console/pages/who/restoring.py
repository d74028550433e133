"""Putting users' data back, in two steps: whom it would find, then the count typed; and how far a run is."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.restore.listing import RestoreUser
from gateway.restore.model import Run, Users
from gateway.restore.order import Leaving
from gateway.web.console.pages.who.wanted import PAGE, PATH, WantedRestore, WantedUsers
from gateway.web.console.unread import Unread
from gateway.web.console.wording import count_text, day_text


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a run would find now."""

    restorable: int
    missing: int  # nothing older is kept of them
    under_way: int  # jobs that will still publish
    published_since: int = 0  # of the restorable: what they have is newer than the run
    by_version: tuple[tuple[str, int], ...] = ()  # what they would get, where that differs


@dataclass(frozen=True, slots=True)
class UserLine:
    """One user of the list."""

    user_id: str
    path: str
    live: str
    gets: str
    busy: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The latest run."""

    line: str
    under_way: bool
    share: float  # of those whom it found, 0 to 100
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoreView:
    """The page."""

    wanted: WantedRestore
    heading: str
    found: Found | Unread
    says: tuple[str, ...]
    users: tuple[UserLine, ...] | Unread
    csv: str
    more: str
    first: str
    progress: Progress | None
    button: str
    typed: str = ""
    why: str = ""
    problem: str = ""  # beside the count
    refused: str = ""  # why nothing can be put back so


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made of."""

    found: Found | Unread
    users: Sequence[RestoreUser] | Unread
    run: Run | Unread | None
    base: str


def found_of(users: Users, leaving: Leaving | None) -> Found:
    """As one, whether one version is put back, or for each user the newest older one."""
    if leaving is None:
        return Found(users.restorable, users.missing, users.under_way, users.published_since)
    versions = tuple(leaving.by_version.items())
    return Found(sum(leaving.by_version.values()), leaving.missing, users.under_way, users.published_since, versions)


def restore_view(wanted: WantedRestore, given: Material) -> RestoreView:
    """The page from what was read."""
    users, found = given.users, given.found
    page = users if isinstance(users, Unread) else users[:PAGE]
    more = not isinstance(users, Unread) and len(users) > PAGE
    count = 0 if isinstance(found, Unread) else found.restorable
    run = None if isinstance(given.run, Unread) else given.run
    return RestoreView(
        wanted=wanted,
        heading=heading(wanted, given.base),
        found=found,
        says=() if isinstance(found, Unread) else tuple(sentences(found, wanted)),
        users=page if isinstance(page, Unread) else tuple(map(line_of, page)),
        csv=wanted.address(f"{PATH}/restore.csv", after=""),
        more=wanted.address(after=users[PAGE - 1].user_id) if more and not isinstance(users, Unread) else "",
        first=wanted.address(after="") if wanted.after else "",
        progress=None if run is None else progress_of(run, found),
        button=f"Put back the data of {people(count)}",
    )


def heading(wanted: WantedRestore, base: str) -> str:
    """What it does."""
    if wanted.source is None:
        return f"Put {wanted.to or base}'s results back"
    return f"Put users of {wanted.source} back to {wanted.to or 'what an older version made'}"


def sentences(found: Found, wanted: WantedRestore) -> list[str]:
    """`338 users can have their data back. 3 never had ...`."""
    older = wanted.to or "an older version"
    told = [f"{people(found.restorable)} can have their data back."]
    if len(found.by_version) > 1:
        told.append("Of them, " + ", ".join(f"{count_text(users)} {name}'s" for name, users in found.by_version) + ".")
    if found.missing:
        told.append(f"{people(found.missing)} never had a result of {older}, and keep what they have.")
    if found.under_way:
        jobs = "1 job is" if found.under_way == 1 else f"{count_text(found.under_way)} jobs are"
        told.append(f"{jobs} under way and will publish after it: put back again then.")
    return told


def people(count: int) -> str:
    """`1 user`, `338 users`."""
    return f"{count_text(count)} user{'' if count == 1 else 's'}"


def line_of(user: RestoreUser) -> UserLine:
    """One user."""
    made = f", made {day_text(user.made_at)}" if user.made_at else ""
    gets = f", gets {user.back_to}{made}" if user.back_to else ", keeps it: nothing older is there"
    return UserLine(user.user_id, WantedUsers(subject=user.user_id).address(), user.live, gets, user.under_way)


def progress_of(run: Run, found: Found | Unread) -> Progress:
    """The latest run, and whom it left out."""
    of = f" of {run.source}" if run.source else ""
    state = {"running": "under way", "done": "done", "superseded": "ended: one the other way round was begun"}
    why = f": {run.why}" if run.why else ""
    line = (
        f"Users{of} to {run.target}: {count_text(run.restored)} have it back, {state[run.state]} "
        f"({run.actor}, {day_text(run.started_at)}{why})"
    )
    left = 0 if isinstance(found, Unread) else found.restorable
    total = run.restored + left
    share = 100.0 * run.restored / total if total else 100.0
    return Progress(line, run.state == "running", share, tuple(left_out(run, found)))


def left_out(run: Run, found: Found | Unread) -> list[str]:
    """Whom the run did not touch, and what is not as before."""
    if isinstance(found, Unread) or run.state == "running":
        return []
    counts = [
        (found.published_since, "left alone: their data changed after the run began"),
        (found.missing, "left as they are: nothing older is kept of them"),
        (run.chunks_gone, "keep the chunks of their latest import: older ones are not kept"),
    ]
    return [f"{count_text(count)} {text}" for count, text in counts if count]


def check_count(typed: str, restorable: int) -> str:
    """What is wrong with the count that was typed; nothing is done unless it is the one that is shown."""
    text = typed.replace(",", "").replace(" ", "")
    if not (text.isascii() and text.isdecimal()):
        return "type the number of users, as it stands above: nothing was done"
    if int(text) != restorable:
        return f"that is not the count, which is {restorable:,} now: nothing was done"
    return "" if restorable else "there is nobody whose data could be put back"

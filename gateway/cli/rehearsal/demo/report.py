"""What the acts show: one user's result, what comparing found, the guard's evidence, and what became of everybody."""

from collections.abc import Iterator, Sequence

from gateway.cli.rehearsal.demo.judge import Compared, Stage
from gateway.cli.rehearsal.demo.observer import Row
from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.invented_users.people import Person
from gateway.cli.rehearsal.roles import Roles
from gateway.shadow.report.report import Report

PROFILE_LINES = 8
KINDS = 3


def profile_lines(user_id: str, row: Row, person: Person) -> Iterator[str]:
    """The beginning of what one user has now, and what their export says about them."""
    yield f"One of them, user {user_id[:8]}, as {row['pipeline']} sees them:"
    text = [line for line in (row["memory_md"] or row["soulprint_text"] or "nothing").splitlines() if line.strip()]
    yield from (f"  | {line}" for line in text[:PROFILE_LINES])
    if (more := len(text) - PROFILE_LINES) > 0:
        yield f"  | ... and {more} more line{'s' * (more > 1)}"
    yield f"Their export says: {person.name}, {person.city}, {person.occupation}; {', '.join(person.hobbies)}."


def fact_lines(stages: Sequence[Stage], roles: Roles) -> Iterator[str]:
    """How many of the facts that the exports state are in the results, for each pipeline."""
    for pipeline in (roles.stable, roles.candidate):
        known = sum(stage.known.get(pipeline, 0) for stage in stages)
        found = sum(stage.found.get(pipeline, 0) for stage in stages)
        if known:
            misled = sum(stage.misled.get(pipeline, 0) for stage in stages)
            yield (
                f"Known facts found by {pipeline}: {found} of {known} ({100 * found / known:.0f} %); "
                f"users given somebody else's city: {misled}"
            )


def time_line(stages: Sequence[Stage], roles: Roles) -> str:
    """How long runs and answers took."""
    slowest = max(stage.slowest_accept_seconds for stage in stages)
    means = []
    for pipeline in (roles.stable, roles.candidate):
        seconds = [stage.run_seconds[pipeline] for stage in stages if pipeline in stage.run_seconds]
        means.append(f"{pipeline} {sum(seconds) / len(seconds):.2f} s" if seconds else f"{pipeline} -")
    return f"A run took {', '.join(means)} on average; the slowest answer to a POST {slowest:.2f} s."


def comparison_lines(compared: Compared, report: Report) -> Iterator[str]:
    """The verdict of comparing, and the most frequent kinds of difference."""
    shed = f"; {compared.shed} made way for users who waited" if compared.shed else ""
    ran = f"{compared.compared} of {compared.planned} imports were run by both"
    yield f"{ran}, in a process that can write nothing{shed}."
    yield report.harm.headline
    yield report.answer
    for kind in report.kinds[:KINDS]:
        yield f"  {kind.pairs} pairs ({kind.noise_pairs} between equal runs): {kind.kind}"


def guard_lines(measured: Measured, roles: Roles) -> Iterator[str]:
    """Why the guard turned the flag off, and how fast that was."""
    yield f"The guard turned {roles.candidate} off: {measured.verdict}"
    detected, last = measured.detection_seconds, measured.last_start_seconds
    flips = ", ".join(f"{seconds * 1000:.0f} ms" for seconds in measured.flip_seconds)
    noticed = "-" if detected is None else f"{detected:.1f} s"
    started = "none" if last is None else f"{last * 1000:.0f} ms after the flip"
    yield f"From the first failed job to the flip: {noticed}. In force in every process after {flips}."
    yield f"The last start of a {roles.candidate} job after the flip: {started}."


def jobs_lines(measured: Measured, roles: Roles) -> Iterator[str]:
    """What became of requests and jobs meanwhile."""
    yield f"{measured.accepted} of {measured.posted} requests were answered with 200."
    yield (
        f"{measured.rescued} waiting {roles.candidate} jobs became {roles.stable} jobs; "
        f"{measured.rescued_complete} of them are complete."
    )
    yield (
        f"{measured.complete} jobs complete, {measured.failed} failed by the fault before it was seen, "
        f"{measured.unfinished} open."
    )


def data_lines(measured: Measured, roles: Roles) -> Iterator[str]:
    """Whether users see again what they saw."""
    yield (
        f"{measured.equal} of {measured.to_restore} users who had a result of {roles.stable}, then one of "
        f"{roles.candidate}, see to the byte what {roles.stable} had published."
    )

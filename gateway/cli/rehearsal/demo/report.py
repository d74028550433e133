"""The end of the rehearsal: one user's result, the table of what was measured, and whether everything held."""

from collections.abc import Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from gateway.cli.rehearsal.demo.judge import Rollback, Stage
from gateway.cli.rehearsal.demo.observer import Row
from gateway.cli.rehearsal.invented_users.people import Person
from gateway.cli.rehearsal.roles import Roles


def print_sample(console: Console, user_id: str, row: Row, person: Person) -> None:
    """What one user has now, and what their export says about them."""
    console.rule(f"user {user_id}, from {row['pipeline']}", align="left")
    soulprint, memory = row["soulprint_text"] or "*nothing*", row["memory_md"] or ""
    console.print(Markdown(soulprint if "# MEMORY" in soulprint else f"{soulprint}\n\n{memory}"), soft_wrap=False)
    console.rule(align="left")
    hobbies = ", ".join(person.hobbies)
    decisions = " ".join(sentence for sentence, _ in person.decisions)
    console.print(
        f"Their export says: {person.name}, {person.city}, {person.occupation}; {hobbies}. {decisions}",
        markup=False,
        highlight=False,
    )


def summary_table(stages: Sequence[Stage], rollback: Rollback, roles: Roles) -> Table:
    """A row for each dial, and one for the users after the rollback."""
    stable, candidate = roles.stable, roles.candidate
    split = (stable, candidate, f"{candidate} share")
    headings = ("dial", "users", *split, "complete", f"run {stable}", f"run {candidate}", "slowest", "answer")
    table = Table(*headings, title="What was measured", title_justify="left", box=None, pad_edge=False)
    for stage in stages:
        table.add_row(f"{stage.dial:g} %", *stage_cells(stage, roles))
    table.add_row("off", *stage_cells(rollback.stage, roles))
    return table


def stage_cells(stage: Stage, roles: Roles) -> list[str]:
    served = stage.stable + stage.candidate
    share = 100 * stage.candidate / served if served else 0.0
    return [
        str(stage.users),
        str(stage.stable),
        str(stage.candidate),
        f"{share:.0f} %",
        str(stage.complete),
        seconds(stage.run_seconds.get(roles.stable)),
        seconds(stage.run_seconds.get(roles.candidate)),
        seconds(stage.slowest_seconds),
        seconds(stage.slowest_accept_seconds),
    ]


def print_summary(console: Console, stages: Sequence[Stage], rollback: Rollback, roles: Roles) -> None:
    console.print()
    console.print(summary_table(stages, rollback, roles))
    lines = [
        "run: mean time of a job; slowest: from accepted to complete, waiting included; answer: slowest POST.",
        *fact_lines([*stages, rollback.stage], roles),
        rollback_line(rollback, roles),
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False)


def fact_lines(stages: Sequence[Stage], roles: Roles) -> list[str]:
    """How many of the facts that the exports state are in the results, for each pipeline."""
    lines = []
    for pipeline in (roles.stable, roles.candidate):
        known = sum(stage.known.get(pipeline, 0) for stage in stages)
        found = sum(stage.found.get(pipeline, 0) for stage in stages)
        if known:
            misled = sum(stage.misled.get(pipeline, 0) for stage in stages)
            lines.append(
                f"Known facts found by {pipeline}: {found} of {known} ({100 * found / known:.0f} %); "
                f"users given somebody else's city: {misled}"
            )
    return lines


def rollback_line(rollback: Rollback, roles: Roles) -> str:
    last = rollback.last_start_seconds
    when = "none after it was written" if last is None or last < 0 else f"{last * 1000:.0f} ms after it was written"
    return (
        f"Rollback: in force after {rollback.seen_seconds * 1000:.0f} ms; last {roles.candidate} start: {when}; "
        f"{rollback.rescued} of {rollback.in_flight} jobs under way went to {roles.stable}, "
        f"{rollback.in_flight_complete} of {rollback.in_flight} completed"
    )


def seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"

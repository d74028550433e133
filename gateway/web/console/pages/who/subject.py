"""One user, or a job's user, ready to print: what is given now and why, from which dials on, results and jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flags.explain import describe_override, place_of
from flags.model import FlagState, Pipeline, Rollout, VersionRollout
from gateway.jobs.listing import ListedJob
from gateway.rollout.explain import Answer
from gateway.web.console.pages.conflict import Conflicting
from gateway.web.console.pages.jobs.view import JobRow, row_of
from gateway.web.console.pages.now.dial.form import shares_text
from gateway.web.console.unread import Unread
from gateway.web.console.wording import day_text, percent_text

DIAL = "dial"  # the percentages decide


@dataclass(frozen=True, slots=True)
class Kept:
    """One result of a user's."""

    pipeline: Pipeline
    made_at: datetime | None
    live: bool  # the one that the user has; else the last of another version, which is kept


@dataclass(frozen=True, slots=True)
class Place:
    """Where the user stands on one version's dial."""

    version: Pipeline
    at: str  # `from 12.4 % on, bucket 1,239 of 10,000`
    dial: str
    gets: str


@dataclass(frozen=True, slots=True)
class ForceForm:
    """The form that names the user for a version."""

    versions: tuple[Pipeline, ...]
    now: Pipeline | str  # what the user is called for; `dial`: nobody calls the user
    seen: str
    saw: str
    why: str = ""
    shut: str = ""  # why nothing can be changed
    problem: str = ""
    conflict: Conflicting | None = None


@dataclass(frozen=True, slots=True)
class SubjectView:
    """The answer."""

    user_id: str
    pipeline: Pipeline
    why: str
    warnings: tuple[str, ...]  # an override in force, flags that cannot be read
    places: tuple[Place, ...]
    moves: str  # `0 % v1, from 12.4 % v2`
    shadow: str
    asked_job: str = ""  # where a job was asked for: its id
    job: str = ""  # what it got then, and why
    unknown: bool = False  # the user has never sent an import
    kept: tuple[tuple[Pipeline, str, str], ...] | Unread = ()
    jobs: tuple[JobRow, ...] | Unread = ()
    force: ForceForm | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What was read of the user."""

    answer: Answer
    kept: Sequence[Kept] | Unread
    jobs: Sequence[ListedJob] | Unread
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    conflict: Rollout | None = None


def subject_view(subject: str, found: Material, state: FlagState, now: datetime) -> SubjectView:
    """The answer from what was read."""
    answer, rollout = found.answer, state.rollout
    told, job = answer.now, answer.job
    warnings = [] if answer.override is None else [describe_override(answer.override, told.pipeline)]
    jobs = found.jobs if isinstance(found.jobs, Unread) else tuple(row_of(one, now) for one in found.jobs)
    kept = found.kept if isinstance(found.kept, Unread) else tuple(kept_rows(found.kept))
    return SubjectView(
        user_id=told.user_id,
        pipeline=told.pipeline,
        why=told.why,
        warnings=(*([answer.unread] if answer.unread else []), *warnings),
        places=() if rollout is None else tuple(place(one, told.user_id) for one in rollout.ladder),
        moves="" if rollout is None else moves_text(rollout, told.user_id),
        shadow=told.shadow_why,
        asked_job=job.job_id if job is not None and job.job_id == subject else "",
        job=job.line if job is not None and job.job_id == subject else "",
        unknown=job is None and kept == () and jobs == (),
        kept=kept,
        jobs=jobs,
        force=force_form(told.user_id, found, state),
    )


def place(version: VersionRollout, user_id: str) -> Place:
    """From which dial on the version is the user's."""
    found = place_of(version.group, user_id)
    at = "no usable id" if found is None else f"from {percent_text((found + 1) / 100)} on, bucket {found:,} of 10,000"
    if user_id in version.forced_in:
        at, gets = f"called in by name; else {at}", "yes, by name" if version.enabled else "no: its flag is off"
    elif user_id in version.forced_out:
        at, gets = f"left out by name; else {at}", "no, by name"
    else:
        gets = "yes" if found is not None and found < round(version.dial * 100) else "no"
    dial = percent_text(version.dial) if version.enabled else f"off (kept {percent_text(version.percent)})"
    return Place(version.pipeline, at, dial, gets)


def moves_text(rollout: Rollout, user_id: str) -> str:
    """At which dials the user would move, were no name called: `v1 at 0 %, v2 from 12.4 % on`."""
    steps = [(found, one.pipeline) for one in rollout.ladder if (found := place_of(one.group, user_id)) is not None]
    told = [f"{version} from {percent_text((found + 1) / 100)} of its dial on" for found, version in steps]
    return f"{rollout.base} at 0, {', '.join(reversed(told))}" if told else ""


def kept_rows(kept: Sequence[Kept]) -> list[tuple[Pipeline, str, str]]:
    """The live one first."""
    ordered = sorted(kept, key=lambda one: not one.live)
    return [
        (one.pipeline, "live: what the user has" if one.live else "kept", day_text(one.made_at) if one.made_at else "")
        for one in ordered
    ]


def named_for_now(rollout: Rollout, user_id: str) -> Pipeline | str:
    """The version that the flags call the user for; `dial` where none does."""
    for one in rollout.ladder:
        if user_id in one.forced_in:
            return one.pipeline
    return rollout.base if any(user_id in one.forced_out for one in rollout.ladder) else DIAL


def force_form(user_id: str, found: Material, state: FlagState) -> ForceForm | None:
    """The form, with what was typed; None where the flags were never known."""
    rollout = found.conflict or state.rollout
    if rollout is None:
        return None
    now = named_for_now(rollout, user_id)
    saw = f"{'the dial decides' if now == DIAL else f'called for {now}'}; {shares_text(rollout)}"
    conflict = None
    if found.conflict is not None:
        wanted = found.typed.get("pipeline", "")
        want = f"{user_id} called for {wanted}" if wanted != DIAL else f"the dial decides for {user_id}"
        conflict = Conflicting(found.typed.get("saw", ""), saw, "", want)
    return ForceForm(
        versions=tuple(reversed(state.versions.all)),
        now=found.typed.get("pipeline", "") or now,
        seen=rollout.version,
        saw=saw,
        why=found.typed.get("why", ""),
        shut="" if state.usable else f"Nothing can be changed now: the flags cannot be read ({state.error}).",
        problem=found.problem,
        conflict=conflict,
    )

"""What `gateway rollout` prints: for people, or as one JSON document."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flags.explain import describe_override
from flags.model import BASELINE, Override, Pipeline, Rollout, VersionRollout, flag_of
from gateway.cli.output import print_fields, print_json, print_table, say, warn
from gateway.cli.rollout_client import Previewed, Seen
from gateway.rollout.rows import rollout_json

if TYPE_CHECKING:
    from gateway.rollout.guard.looks import GuardLook
    from gateway.rollout.guard.store import GuardedRollout
    from gateway.rollout.processes.live import LiveProcess
    from gateway.rollout.ramp.plan import Ramp

UNREADABLE = "its flag cannot be read: each process keeps what it said last"
HEARS = {True: "at once", False: "looks every second", None: "not told"}
GUARD_STATES = {
    "watching": "watches",
    "acting": "turns it off",
    "rolled_back": "turned it off",
    "would_roll_back": "would have turned it off (GUARD=dry-run, or a ramp without automatic rollbacks)",
}


def print_rollout(seen: Seen, *, as_json: bool) -> None:
    rollout, override = seen.rollout, seen.override
    if as_json:
        dial = 0.0 if override else rollout.dial
        several = {version.pipeline: rollout_json(rollout, version.pipeline) for version in rollout.versions}
        print_json(
            {
                **rollout_json(rollout),
                "dial": dial,
                "override": override and asdict(override),
                "base": rollout.base,
                "shares": rollout.shares(),
                "warnings": rollout.warnings,
                "fresh": seen.unread is None,
                "unread": seen.unread,
                "versions": several,
                "processes": [asdict(process) for process in seen.processes],
                "ramp": None if seen.ramp is None else {"state": seen.ramp.state, "said": describe_ramp(seen.ramp)},
                "guard": {one.pipeline: {"state": one.state, "said": describe_watch(one)} for one in seen.guarded},
            }
        )
        return
    print_fields({**describe(rollout, override), **describe_watched(seen)})
    print_processes(seen)
    for warning in rollout.warnings:
        warn(warning)
    if seen.unread is not None:
        warn(f"{seen.unread}: this is what the database knew last; /ready of a process says by what it decides")
    if override is not None:
        warn(f"{describe_override(override)}; `gateway rollout on --local` lifts it")


def describe_watched(seen: Seen) -> dict[str, str]:
    """The ramp, unless it is over, and what the guard found of versions that are on trial now."""
    ramp = seen.ramp if seen.ramp is not None and seen.ramp.active else None
    on_trial = {version.pipeline for version in seen.rollout.ladder if 0 < version.dial < 100}
    told = [one for one in seen.guarded if one.pipeline in on_trial or one.state == "rolled_back"]
    return {
        **({} if ramp is None else {"ramp": describe_ramp(ramp)}),
        **{f"guard of {one.pipeline}": describe_watch(one) for one in told},
    }


def describe_ramp(ramp: "Ramp") -> str:
    """Where it is, and what it waits for."""
    step = f"{ramp.state.replace('_', ' ')}, step {ramp.step + 1} of {len(ramp.plan.steps)} ({ramp.target:g} %)"
    return f"{step}: {ramp.note}" if ramp.note else step


def describe_watch(guarded: "GuardedRollout") -> str:
    """What it does, and the numbers that say so."""
    verdict = guarded.verdict or {}
    findings = [one for one in verdict.get("findings", ()) if one["phase"] == verdict.get("phase")]
    numbers = guarded.why or "; ".join(one["message"] for one in findings) or "has not looked yet"
    return f"{GUARD_STATES[guarded.state]}: {numbers}"


def print_processes(seen: Seen) -> None:
    """What is in force in each live process, beside what was asked for above; and which of them differ from it."""
    if not seen.processes:
        return
    rows = [
        (one.name, one.kind, ", ".join(one.versions), shares_of(one, "dial"), shares_of(one, "measured"),
         one.flags_revision, "never read" if one.flags_age_seconds is None else f"{one.flags_age_seconds:.0f} s")
        for one in seen.processes
    ]  # fmt: skip
    print_table(("process", "kind", "can run", "in force there", "of a sample", "flags", "age"), rows)
    for process in seen.processes:
        for version in readable(seen.rollout):
            if said := differs(process, version):
                warn(said)


def readable(rollout: Rollout) -> list[VersionRollout]:
    """The versions of which it is known what was asked for."""
    unread = {flag for flag, _ in rollout.broken}
    return [version for version in rollout.ladder if flag_of(version.pipeline) not in unread]


def print_list_of_processes(processes: "list[LiveProcess]", *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(process) for process in processes])
        return
    rows = [
        (one.name, one.kind, one.release, shares_of(one, "dial") if one.live else "unknown",
         "yes" if one.override else "no", one.flags_revision,
         "never read" if one.flags_age_seconds is None else f"{one.flags_age_seconds:.0f} s",
         HEARS[one.listens], None if one.last_start_seconds is None else f"{one.last_start_seconds:.2f} s",
         "now" if one.live else f"{one.silent_seconds:.0f} s ago")
        for one in processes
    ]  # fmt: skip
    print_table(
        ("process", "kind", "release", "in force there", "overridden", "flags", "age", "hears of changes",
         "last start after a rollback", "heard of"), rows,
    )  # fmt: skip


def shares_of(process: "LiveProcess", what: str) -> str:
    """`v3 10 %, v2 100 %`."""
    return ", ".join(f"{version} {dial[what] or 0:g} %" for version, dial in process.dials.items())


def differs(process: "LiveProcess", version: VersionRollout) -> str | None:
    """What a process does with a version otherwise than was asked for."""
    where = f"{process.kind} {process.name}"
    if version.pipeline not in process.versions and version.dial:
        return f"{where} cannot run {version.pipeline}: it has {', '.join(process.versions)}"
    dial = process.dials.get(version.pipeline, {}).get("dial")
    if dial is not None and abs(dial - version.dial) > 0.05 and not version.foreign:
        return f"{where} has {version.pipeline} at {dial:g} % in force, not at {version.dial:g} % yet"
    return None


def describe(rollout: Rollout, override: Override | None = None) -> dict[str, Any]:
    """A rollout as a person reads it."""
    one = len(rollout.ladder) == 1
    shares = rollout.shares()
    fields: dict[str, Any] = {}
    known = readable(rollout)
    for version in rollout.ladder:
        share = describe_share(version, shares[version.pipeline]) if version in known else UNREADABLE
        fields[version.pipeline] = share if override is None else f"overridden: nobody (flags: {share})"
    if not one or rollout.base != BASELINE:
        share = f"{shares[rollout.base] if override is None else 100:g} % of users (base)"
        rest = len(known) == len(rollout.ladder) or override is not None
        fields[rollout.base] = share if rest else "the rest of users (base)"
    fields["shadow"] = f"{rollout.shadow_percent:g} % of imports"
    for version in rollout.ladder:
        fields[f"always {version.pipeline}"] = ", ".join(version.forced_in)
        fields[f"always {rollout.base}" if one else f"never {version.pipeline}"] = ", ".join(version.forced_out)
    return {**fields, "version": rollout.version}


def describe_share(version: VersionRollout, share: float) -> str:
    """What a version's flag says, and what comes out where newer versions take users away."""
    if not version.content:
        return "off: there is no such flag"
    if not version.enabled:
        return f"off (kept: {version.percent:g} %)"
    taken = f" (flag: {version.dial:g} %)" if abs(share - version.dial) > 1e-9 else ""
    return f"{share:g} % of users{taken}"


def print_switched(override: Override | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"override": override and asdict(override)})
    else:
        say(describe_override(override) if override else "no override: the flags decide")


def print_preview(previewed: Previewed, *, as_json: bool) -> None:
    moves, override = previewed.moves, previewed.override
    if as_json:
        parts = {"price": previewed.price, "load": previewed.load, "override": override}
        shown = {name: None if part is None else asdict(part) for name, part in parts.items()}
        print_json({**asdict(moves), "share_moved": moves.share_moved, **shown})
        return
    say(f"{moves.candidate} would serve {moves.share_after:g} % of users instead of {moves.share_before:g} %")
    say(
        f"of the users known here, {len(moves.to_candidate)} would move to {moves.candidate} "
        f"and {len(moves.to_v1)} to {moves.older}"
    )
    for part in (previewed.load, previewed.price):
        if part is not None:
            say(part.message)
    if override is not None:
        warn(f"{describe_override(override)}; until it is lifted, nobody moves")


def print_guard(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for shown in found:
        does = f"{shown['pipeline']}, against {shown['against']}: the guard {GUARD_STATES[shown['state']]}"
        print_fields({"version": does, "since": shown["since"], "looked at": shown["looked_at"], "why": shown["why"]})
        rows = [(one["check"], one["phase"], one["message"]) for one in shown["findings"]]
        print_table(("check", "verdict", "numbers"), rows)


def print_looks(looks: "list[GuardLook]", *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(look) for look in looks])
        return
    rows = [(one.id, one.at, one.pipeline, one.phase, "; ".join(telling(one))) for one in looks]
    print_table(("id", "at", "version", "verdict", "numbers"), rows)


def telling(look: "GuardLook") -> list[str]:
    """The findings that make the verdict what it is; all where nothing was found."""
    return [one["message"] for one in look.findings if look.phase in {one["phase"], "ok"}]


def already_off(seen: Seen, version: Pipeline) -> str | None:
    """What to say to somebody who turned off what was off, or is not there."""
    if not seen.rollout.of(version).content:
        return (
            f"already off: the flag of {version} does not exist, or is archived; `gateway flags init` creates one that "
            "is missing, at 0 %, an archived one is revived in Unleash's pages"
        )
    if seen.before is not None and not seen.before.of(version).enabled:
        return f"already off: the flag of {version} was off"
    return None
